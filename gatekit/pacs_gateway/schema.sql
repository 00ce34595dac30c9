-- Tables of the PACS GatewayService. Run at every start; each statement changes nothing the second time.
CREATE TABLE IF NOT EXISTS request (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    pacs text NOT NULL,
    patient_id text NOT NULL,
    issuer text NOT NULL,
    patient_key text NOT NULL,
    deep boolean NOT NULL,
    priority smallint NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'running', 'waiting', 'done', 'dead', 'cancelled')),
    reason text,
    cancel_wanted boolean NOT NULL DEFAULT false,
    faults integer NOT NULL DEFAULT 0,
    interruptions integer NOT NULL DEFAULT 0,
    not_before timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    ended_at timestamptz,
    fault jsonb,
    moved_instances integer NOT NULL DEFAULT 0,
    exchanges integer NOT NULL DEFAULT 0
);
-- The same patient at the same PACS stands in the queue once.
CREATE UNIQUE INDEX IF NOT EXISTS request_open ON request (pacs, patient_id, issuer)
    WHERE state IN ('queued', 'waiting');
-- One patient is worked on by one worker at a time, whichever PACS.
CREATE UNIQUE INDEX IF NOT EXISTS request_running ON request (patient_key) WHERE state = 'running';
CREATE INDEX IF NOT EXISTS request_next ON request (pacs, priority DESC, created_at) WHERE state IN ('queued', 'waiting');
CREATE INDEX IF NOT EXISTS request_ended ON request (ended_at) WHERE state IN ('done', 'cancelled');
CREATE INDEX IF NOT EXISTS request_state ON request (state, created_at);

-- A C-MOVE that was or is being sent. A row without ended_at after its worker died: it may still run at the PACS.
CREATE TABLE IF NOT EXISTS move (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request uuid NOT NULL REFERENCES request ON DELETE CASCADE,
    pacs text NOT NULL,
    patient_id text NOT NULL,
    issuer text NOT NULL,
    patient_key text NOT NULL,
    level text NOT NULL,
    study text NOT NULL,
    series text[] NOT NULL,
    instances text[] NOT NULL,
    begun_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    completed integer,
    failed integer
);
CREATE INDEX IF NOT EXISTS move_open ON move (patient_key) WHERE ended_at IS NULL;
CREATE INDEX IF NOT EXISTS move_request ON move (request);

-- Every patient ever asked for; the nightly sweep goes through them.
CREATE TABLE IF NOT EXISTS known_patient (
    pacs text NOT NULL,
    patient_id text NOT NULL,
    issuer text NOT NULL,
    patient_key text NOT NULL,
    first_asked_at timestamptz NOT NULL DEFAULT now(),
    equal_at timestamptz,
    deeply_equal_at timestamptz,
    PRIMARY KEY (pacs, patient_id, issuer)
);

CREATE TABLE IF NOT EXISTS sweep (
    day date PRIMARY KEY,
    deep boolean NOT NULL,
    begun_at timestamptz NOT NULL DEFAULT now(),
    patients integer NOT NULL DEFAULT 0
);
