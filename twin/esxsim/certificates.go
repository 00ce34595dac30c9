package main

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"net"
	"slices"
	"strings"
	"sync"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// certificates keeps the host's key pair: requests make a new key, an installed certificate waits for
// NotifyAffectedServices, and then the listener shows it to new connections.
type certificates struct {
	mo.HostCertificateManager
	host      *host
	mu        sync.Mutex
	keys      []crypto.Signer  // of the requests, and the present one
	installed *tls.Certificate // nil: none waits
	shown     *tls.Certificate
	trusted   []string
	revoked   []string
}

func newCertificates(h *host, pair tls.Certificate) *certificates {
	m := &certificates{host: h, shown: &pair}
	m.Self = *h.system.ConfigManager.CertificateManager
	if key, ok := pair.PrivateKey.(crypto.Signer); ok {
		m.keys = []crypto.Signer{key}
	}
	m.describe(pair.Certificate)
	return m
}

// present gives the listener the certificate of the moment.
func (m *certificates) present(*tls.ClientHelloInfo) (*tls.Config, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{*m.shown}}, nil
}

func (m *certificates) describe(chain [][]byte) {
	leaf, err := x509.ParseCertificate(chain[0])
	if err != nil {
		return // a listener with such a pair would not have started
	}
	status := types.HostCertificateManagerCertificateInfoCertificateStatusGood
	if m.host.clock.now().After(leaf.NotAfter) {
		status = types.HostCertificateManagerCertificateInfoCertificateStatusExpired
	}
	m.CertificateInfo = types.HostCertificateManagerCertificateInfo{
		Kind: "Machine", Issuer: leaf.Issuer.String(), Subject: leaf.Subject.String(),
		NotBefore: &leaf.NotBefore, NotAfter: &leaf.NotAfter, Status: string(status)}
	m.host.system.Config.Certificate = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Raw})
}

// request makes a key and a signing request for a subject; the names are the host's own and the asked ones.
func (m *certificates) request(subject pkix.Name, spec *types.HostCertificateManagerCertificateSpec) (string, types.BaseMethodFault) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return "", &types.HostConfigFault{}
	}
	template := &x509.CertificateRequest{Subject: subject}
	names := []string{subject.CommonName}
	if spec != nil {
		names = append(names, spec.SubjectAlternativeNames...)
	}
	for _, name := range slices.Compact(names) {
		if address := net.ParseIP(name); address != nil {
			template.IPAddresses = append(template.IPAddresses, address)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, template, key)
	if err != nil {
		return "", &types.HostConfigFault{}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keys = append(m.keys, key)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})), nil
}

func (m *certificates) hostName() string {
	config := m.host.system.Config.Network.DnsConfig.GetHostDnsConfig()
	return strings.TrimSuffix(config.HostName+"."+config.DomainName, ".")
}

// GenerateCertificateSigningRequest names the host by its address or by its name.
func (m *certificates) GenerateCertificateSigningRequest(c *types.GenerateCertificateSigningRequest) soap.HasFault {
	name := m.hostName()
	if c.UseIpAddressAsCommonName {
		name = m.host.system.Config.Network.Vnic[0].Spec.Ip.IpAddress
	}
	text, fault := m.request(pkix.Name{Organization: []string{"VMware"}, CommonName: name}, c.Spec)
	if fault != nil {
		return &methods.GenerateCertificateSigningRequestBody{Fault_: simulator.Fault("", fault)}
	}
	return &methods.GenerateCertificateSigningRequestBody{
		Res: &types.GenerateCertificateSigningRequestResponse{Returnval: text}}
}

// GenerateCertificateSigningRequestByDn takes a name such as CN=gw-kita-esx,O=Kita.
func (m *certificates) GenerateCertificateSigningRequestByDn(c *types.GenerateCertificateSigningRequestByDn) soap.HasFault {
	subject, ok := parseName(c.DistinguishedName)
	if !ok {
		return &methods.GenerateCertificateSigningRequestByDnBody{
			Fault_: simulator.Fault("", &types.InvalidArgument{InvalidProperty: "distinguishedName"})}
	}
	text, fault := m.request(subject, c.Spec)
	if fault != nil {
		return &methods.GenerateCertificateSigningRequestByDnBody{Fault_: simulator.Fault("", fault)}
	}
	return &methods.GenerateCertificateSigningRequestByDnBody{
		Res: &types.GenerateCertificateSigningRequestByDnResponse{Returnval: text}}
}

func parseName(text string) (pkix.Name, bool) {
	var name pkix.Name
	fields := map[string]*[]string{"O": &name.Organization, "OU": &name.OrganizationalUnit, "C": &name.Country,
		"ST": &name.Province, "L": &name.Locality}
	for _, part := range strings.Split(text, ",") {
		key, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		switch list := fields[key]; {
		case !ok || value == "":
			return name, false
		case key == "CN":
			name.CommonName = value
		case list == nil:
			return name, false
		default:
			*list = append(*list, value)
		}
	}
	return name, name.CommonName != ""
}

// ProvisionServerPrivateKey gives the host a key for the next certificate.
func (m *certificates) ProvisionServerPrivateKey(c *types.ProvisionServerPrivateKey) soap.HasFault {
	refused := &methods.ProvisionServerPrivateKeyBody{
		Fault_: simulator.Fault("", &types.InvalidArgument{InvalidProperty: "key"})}
	block, _ := pem.Decode([]byte(c.Key))
	if block == nil {
		return refused
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	signer, ok := key.(crypto.Signer)
	if err != nil || !ok {
		return refused
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keys = append(m.keys, signer)
	return &methods.ProvisionServerPrivateKeyBody{Res: &types.ProvisionServerPrivateKeyResponse{}}
}

// InstallServerCertificate takes a certificate of one of our keys that is valid now.
func (m *certificates) InstallServerCertificate(c *types.InstallServerCertificate) soap.HasFault {
	refused := &methods.InstallServerCertificateBody{Fault_: simulator.Fault("", &types.HostConfigFault{})}
	var chain [][]byte
	for rest := []byte(c.Cert); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		chain = append(chain, block.Bytes)
	}
	if len(chain) == 0 {
		return refused
	}
	leaf, err := x509.ParseCertificate(chain[0])
	now := m.host.clock.now()
	if err != nil || now.After(leaf.NotAfter) || now.Before(leaf.NotBefore) {
		return refused
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, key := range m.keys {
		if samePublicKey(key.Public(), leaf.PublicKey) {
			m.installed = &tls.Certificate{Certificate: chain, PrivateKey: key}
			m.describe(chain)
			return &methods.InstallServerCertificateBody{Res: &types.InstallServerCertificateResponse{}}
		}
	}
	return refused
}

func samePublicKey(x, y any) bool {
	a, errA := x509.MarshalPKIXPublicKey(x)
	b, errB := x509.MarshalPKIXPublicKey(y)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// NotifyAffectedServices lets the listener show the installed certificate; open connections live on.
func (m *certificates) NotifyAffectedServices(*types.NotifyAffectedServices) soap.HasFault {
	m.restart()
	return &methods.NotifyAffectedServicesBody{Res: &types.NotifyAffectedServicesResponse{}}
}

func (m *certificates) restart() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.installed != nil {
		m.shown, m.installed = m.installed, nil
	}
}
