package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/types"
)

// signed answers a signing request with a certificate that ends in a day.
func signed(t *testing.T, request string, serial int64) string {
	t.Helper()
	block, _ := pem.Decode([]byte(request))
	csr, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return certificateOf(t, csr.PublicKey, serial, time.Now().Add(24*time.Hour))
}

func certificateOf(t *testing.T, public any, serial int64, end time.Time) string {
	t.Helper()
	ca, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotBefore: end.Add(-48 * time.Hour), NotAfter: end}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, ca)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func (b *bench) shownSerial(t *testing.T) int64 {
	t.Helper()
	connection, err := tls.Dial("tcp", b.url.Host, &tls.Config{InsecureSkipVerify: true}) // the bench's own certificate
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	return connection.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

func TestAnInstalledCertificateIsShownAfterTheNotification(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	this := *b.system.ConfigManager.CertificateManager
	install := func(text string) error {
		_, err := methods.InstallServerCertificate(ctx, b.client, &types.InstallServerCertificate{This: this, Cert: text})
		return err
	}
	request, err := methods.GenerateCertificateSigningRequestByDn(ctx, b.client,
		&types.GenerateCertificateSigningRequestByDn{This: this, DistinguishedName: "CN=gw-kita-esx,O=Kita",
			Spec: &types.HostCertificateManagerCertificateSpec{SubjectAlternativeNames: []string{"10.161.4.5"}}})
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	wantFault[*types.HostConfigFault](t, install("no certificate"))
	wantFault[*types.HostConfigFault](t, install(certificateOf(t, stranger.Public(), 5, time.Now().Add(time.Hour))))
	wantFault[*types.HostConfigFault](t, install(certificateOf(t, b.certificates.keys[1].Public(), 6, time.Now().Add(-time.Hour))))
	if err := install(signed(t, request.Returnval, 77)); err != nil {
		t.Fatal(err)
	}
	if b.shownSerial(t) == 77 {
		t.Error("shown before the notification")
	}
	if _, err := methods.NotifyAffectedServices(ctx, b.client, &types.NotifyAffectedServices{This: this}); err != nil {
		t.Fatal(err)
	}
	if got := b.shownSerial(t); got != 77 {
		t.Errorf("shown: %d", got)
	}
}

func TestASigningRequestWantsAName(t *testing.T) {
	b := newBench(t)
	for _, name := range []string{"", "O=Kita", "CN=", "CN=x,Q=y"} {
		_, err := methods.GenerateCertificateSigningRequestByDn(context.Background(), b.client,
			&types.GenerateCertificateSigningRequestByDn{This: *b.system.ConfigManager.CertificateManager, DistinguishedName: name})
		wantFault[*types.InvalidArgument](t, err)
	}
}

func TestOnlyACAIsTrusted(t *testing.T) {
	b := newBench(t)
	leaf := string(b.system.Config.Certificate)
	_, err := methods.ReplaceCACertificatesAndCRLs(context.Background(), b.client, &types.ReplaceCACertificatesAndCRLs{
		This: *b.system.ConfigManager.CertificateManager, CaCert: []string{leaf}})
	wantFault[*types.HostConfigFault](t, err)
}
