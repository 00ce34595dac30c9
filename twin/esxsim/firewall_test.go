package main

import (
	"context"
	"testing"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/types"
)

func (b *bench) allow(id string, list types.HostFirewallRulesetIpList) error {
	_, err := methods.UpdateRuleset(context.Background(), b.client, &types.UpdateRuleset{
		This: *b.system.ConfigManager.FirewallSystem, Id: id, Spec: types.HostFirewallRulesetRulesetSpec{AllowedHosts: list}})
	return err
}

func only(network string, bits int32) types.HostFirewallRulesetIpList {
	return types.HostFirewallRulesetIpList{IpNetwork: []types.HostFirewallRulesetIpNetwork{{Network: network, PrefixLength: bits}}}
}

func TestRulesetRefusals(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	wantFault[*types.NotFound](t, b.allow("nothing", only("10.0.0.0", 8)))
	wantFault[*types.InvalidArgument](t, b.allow("sshServer", only("10.0.0.0", 33)))
	wantFault[*types.InvalidArgument](t, b.allow("sshServer", types.HostFirewallRulesetIpList{IpAddress: []string{"everybody"}}))
	wantFault[*types.HostConfigFault](t, b.allow("dhcp", only("10.0.0.0", 8))) // the host's own
	_, err := methods.EnableRuleset(ctx, b.client, &types.EnableRuleset{This: *b.system.ConfigManager.FirewallSystem, Id: "nothing"})
	wantFault[*types.NotFound](t, err)
}

func TestBothViewsOfTheFirewallAreFresh(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	this := *b.system.ConfigManager.FirewallSystem
	if _, err := methods.EnableRuleset(ctx, b.client, &types.EnableRuleset{This: this, Id: "ntpClient"}); err != nil {
		t.Fatal(err)
	}
	if err := b.allow("ntpClient", only("10.200.9.0", 24)); err != nil {
		t.Fatal(err)
	}
	open := types.HostFirewallDefaultPolicy{IncomingBlocked: types.NewBool(false)}
	if _, err := methods.UpdateDefaultPolicy(ctx, b.client, &types.UpdateDefaultPolicy{This: this, DefaultPolicy: open}); err != nil {
		t.Fatal(err)
	}
	info := b.system.Config.Firewall
	if *info.DefaultPolicy.IncomingBlocked || !*info.DefaultPolicy.OutgoingBlocked {
		t.Errorf("policy: %v %v", *info.DefaultPolicy.IncomingBlocked, *info.DefaultPolicy.OutgoingBlocked)
	}
	for _, ruleset := range info.Ruleset {
		if ruleset.Key == "ntpClient" && (!ruleset.Enabled || ruleset.AllowedHosts.AllIp || len(ruleset.AllowedHosts.IpNetwork) != 1) {
			t.Errorf("%+v", ruleset)
		}
	}
}

func TestARulesetWithoutOurAddressLocksNewConnectionsOut(t *testing.T) {
	b := newBench(t)
	for _, id := range apiRulesets {
		if err := b.allow(id, only("10.0.0.0", 8)); err != nil {
			t.Fatal(err) // the open connection lives on
		}
	}
	if _, err := b.login(testAccount.user, testAccount.password); err == nil {
		t.Error("a new connection from 127.0.0.1 passed")
	}
	if err := b.allow("vSphereClient", only("127.0.0.0", 8)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.login(testAccount.user, testAccount.password); err != nil {
		t.Errorf("an allowed address: %v", err)
	}
}
