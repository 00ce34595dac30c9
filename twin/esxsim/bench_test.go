package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/vmware/govmomi"
	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/types"
)

// login opens a session with a name and password of its own.
func (b *bench) login(user, password string) (*govmomi.Client, error) {
	u := *b.url
	u.User = url.UserPassword(user, password)
	return govmomi.NewClient(context.Background(), &u, true)
}

// press calls a test endpoint and returns what it answers.
func (b *bench) press(t *testing.T, method, path string, body any) []byte {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	u := *b.url
	u.User, u.Path = nil, ""
	request, err := http.NewRequest(method, u.String()+"/_ctl/"+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(testAccount.user, testAccount.password)
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} // the bench's own certificate
	reply, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	answer, err := io.ReadAll(reply.Body)
	if err != nil || reply.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %d %s %v", method, path, reply.StatusCode, answer, err)
	}
	return answer
}

// guest makes a port group for the specs of vmSpec and a VM that is on or off.
func (b *bench) guest(t *testing.T, name string, on bool) types.ManagedObjectReference {
	t.Helper()
	if b.model.Service.Context.Map.Any("VirtualMachine") == nil {
		if err := b.addPortGroup(types.HostPortGroupSpec{Name: "GW-DMZ", VswitchName: "vSwitch0"}); err != nil {
			t.Fatal(err)
		}
	}
	vm, err := b.createVM(vmSpec(name))
	if err != nil {
		t.Fatal(err)
	}
	if on {
		b.host.switchVM(vm, true)
	}
	return vm
}

func (b *bench) vm(ref types.ManagedObjectReference) *simulator.VirtualMachine {
	return b.model.Service.Context.Map.Get(ref).(*simulator.VirtualMachine)
}

func (b *bench) reconfigure(vm types.ManagedObjectReference, spec types.VirtualMachineConfigSpec) error {
	reply, err := methods.ReconfigVM_Task(context.Background(), b.client, &types.ReconfigVM_Task{This: vm, Spec: spec})
	if err != nil {
		return err
	}
	_, err = b.wait(reply.Returnval)
	return err
}
