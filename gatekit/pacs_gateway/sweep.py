"""The nightly sweep: every patient ever asked for is compared again, deeply on one night of the week."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from gatekit.pacs_gateway.configuration import Limits
from gatekit.pacs_gateway.lease import Lease
from gatekit.pacs_gateway.requests import Priority
from gatekit.plan.vm1.model import PacsGatewayPlan

__all__ = ["due", "forget", "sweep"]

# The day's row makes it once a night, whoever dies when. Who waits already is asked as deeply, not again.
_SWEEP = """
WITH begun AS (
    INSERT INTO sweep (day, deep) VALUES (%(day)s, %(deep)s) ON CONFLICT DO NOTHING RETURNING day),
everybody AS (
    SELECT pacs, patient_id, issuer, patient_key,
           row_number() OVER (ORDER BY md5(patient_key)) - 1 AS place, count(*) OVER () AS patients
    FROM known_patient WHERE pacs = ANY(%(names)s) AND EXISTS (SELECT FROM begun)),
asked AS (
    INSERT INTO request (pacs, patient_id, issuer, patient_key, deep, priority, state, not_before)
    SELECT pacs, patient_id, issuer, patient_key, %(deep)s, %(priority)s, 'queued',
           clock_timestamp() + place * %(spread_s)s / patients * interval '1 second'
    FROM everybody
    ON CONFLICT (pacs, patient_id, issuer) WHERE state IN ('queued', 'waiting')
    DO UPDATE SET deep = request.deep OR excluded.deep
    RETURNING 1)
SELECT (SELECT count(*) FROM begun) AS begun, (SELECT count(*) FROM asked) AS asked
"""


def due(plan: PacsGatewayPlan, limits: Limits, now: datetime) -> tuple[date, bool] | None:
    """Return the night whose sweep is due and whether it is deep; None outside its time.

    Args:
        plan: when, and on which weekday deeply.
        limits: how late a sweep may begin.
        now: hospital time.
    """
    for day in (now.date(), now.date() - timedelta(days=1)):
        at = datetime.combine(day, time.fromisoformat(plan.sweep_at), now.tzinfo)
        if at <= now < at + timedelta(seconds=limits.sweep_late_s):
            return day, day.weekday() == plan.deep_sweep_weekday
    return None


def sweep(lease: Lease, plan: PacsGatewayPlan, limits: Limits, day: date, *, deep: bool) -> int | None:
    """Queue every known patient, spread over the night; None when this night's sweep was begun before.

    Returns:
        how many patients were asked for.
    """
    values = {
        "day": day,
        "deep": deep,
        "names": [source.name for source in plan.sources],
        "priority": int(Priority.SWEEP),
        "spread_s": limits.sweep_spread_s,
    }
    with lease.transaction() as cursor:
        row = cursor.execute(_SWEEP, values).fetchone()
        assert row is not None  # a SELECT of counts
        if not row["begun"]:
            return None
        cursor.execute("UPDATE sweep SET patients = %s WHERE day = %s", (row["asked"], day))
    return int(row["asked"])


def forget(lease: Lease, kept_days: int) -> int:
    """Remove requests that ended well long ago, and their moves; return how many. Dead letters stay."""
    old = "DELETE FROM request WHERE state IN ('done', 'cancelled') AND ended_at < now() - %s * interval '1 day'"
    with lease.transaction() as cursor:
        cursor.execute(old, (kept_days,))
        return cursor.rowcount
