package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/fault"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

var testAccount = account{"root", "a-password-of-the-test"}

func selfSigned(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// bench is one served host and a logged-in client.
type bench struct {
	*host
	url    *url.URL
	client *govmomi.Client
}

func newBench(t *testing.T) *bench {
	t.Helper()
	pair := selfSigned(t)
	h, err := newHost(identity{address: "127.0.0.1", netmask: "255.255.255.0", datastore: "datastore1", memoryMB: 65536}, testAccount, pair)
	if err != nil {
		t.Fatal(err)
	}
	server := serve(h, "127.0.0.1:0", testAccount, pair, true)
	u := *server.URL
	u.User = url.UserPassword(testAccount.user, testAccount.password)
	client, err := govmomi.NewClient(context.Background(), &u, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Close()
		h.model.Remove()
		h.removeDatastore()
	})
	return &bench{h, &u, client}
}

func wantFault[F types.BaseMethodFault](t *testing.T, err error) F {
	t.Helper()
	var want F
	if _, ok := fault.As(err, &want); !ok {
		t.Fatalf("want %T, got %v", want, err)
	}
	return want
}

func TestFreshHostIsWhatAnInstallationLeaves(t *testing.T) {
	b := newBench(t)
	network := b.system.Config.Network
	if about := b.client.ServiceContent.About; about.ApiType != "HostAgent" || about.ApiVersion != "8.0.3.0" {
		t.Errorf("about: %s %s", about.ApiType, about.ApiVersion)
	}
	if len(network.Vswitch) != 1 || network.Vswitch[0].Name != "vSwitch0" || len(network.Vswitch[0].Pnic) != 1 {
		t.Errorf("vswitch: %+v", network.Vswitch)
	}
	if len(network.Portgroup) != 2 || len(network.Pnic) != 4 {
		t.Errorf("port groups %d, pnics %d", len(network.Portgroup), len(network.Pnic))
	}
	if vms := b.model.Service.Context.Map.All("VirtualMachine"); len(vms) != 0 {
		t.Errorf("VMs: %d", len(vms))
	}
}

func TestServicesRefuseWhatIsSoAlready(t *testing.T) {
	b := newBench(t)
	this := *b.system.ConfigManager.ServiceSystem
	ctx := context.Background()
	start := func(id string) error {
		_, err := methods.StartService(ctx, b.client, &types.StartService{This: this, Id: id})
		return err
	}
	if err := start("ntpd"); err != nil {
		t.Fatal(err)
	}
	wantFault[*types.InvalidState](t, start("ntpd"))
	wantFault[*types.NotFound](t, start("nothing"))
	_, err := methods.UpdateServicePolicy(ctx, b.client, &types.UpdateServicePolicy{This: this, Id: "ntpd", Policy: "often"})
	wantFault[*types.InvalidArgument](t, err)
}

func TestDateTimeRefusesAnUnknownProtocol(t *testing.T) {
	b := newBench(t)
	_, err := methods.UpdateDateTimeConfig(context.Background(), b.client, &types.UpdateDateTimeConfig{
		This: *b.system.ConfigManager.DateTimeSystem, Config: types.HostDateTimeConfig{Protocol: "sundial"}})
	wantFault[*types.InvalidArgument](t, err)
}

// wait returns a task's result, or its fault as an error.
func (b *bench) wait(ref types.ManagedObjectReference) (types.ManagedObjectReference, error) {
	for {
		var task mo.Task
		if err := b.client.RetrieveOne(context.Background(), ref, []string{"info"}, &task); err != nil {
			return ref, err
		}
		switch task.Info.State {
		case types.TaskInfoStateError:
			return ref, soap.WrapVimFault(task.Info.Error.Fault)
		case types.TaskInfoStateSuccess:
			result, _ := task.Info.Result.(types.ManagedObjectReference)
			return result, nil
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestStrangersReadNothing(t *testing.T) {
	b := newBench(t)
	wrong := *b.url
	wrong.User = url.UserPassword("root", "wrong")
	_, err := govmomi.NewClient(context.Background(), &wrong, true)
	wantFault[*types.InvalidLogin](t, err)
	b.admission.expire()
	var system mo.HostSystem
	err = b.client.RetrieveOne(context.Background(), b.system.Self, []string{"name"}, &system)
	wantFault[*types.NotAuthenticated](t, err)
}

func TestFilesAndControlWantALogin(t *testing.T) {
	b := newBench(t)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint: the bench's own certificate
	status := func(method, path string, login bool) int {
		u := *b.url
		u.User, u.Path, u.RawQuery = nil, path, "dcPath=ha-datacenter&dsName=datastore1"
		request, err := http.NewRequest(method, u.String(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if login {
			request.SetBasicAuth(testAccount.user, testAccount.password)
		}
		reply, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = reply.Body.Close()
		return reply.StatusCode
	}
	if got := status(http.MethodGet, "/folder/x.iso", false); got != http.StatusUnauthorized {
		t.Errorf("file without login: %d", got)
	}
	if got := status(http.MethodGet, "/folder/x.iso", true); got != http.StatusNotFound {
		t.Errorf("missing file: %d", got)
	}
	if got := status(http.MethodPost, "/_ctl/expire", false); got != http.StatusUnauthorized {
		t.Errorf("control without login: %d", got)
	}
}
