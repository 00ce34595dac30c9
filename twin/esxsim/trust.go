package main

import (
	"crypto/x509"
	"encoding/pem"
	"slices"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// ReplaceCACertificatesAndCRLs replaces the list of CAs the host trusts, e.g. for syslog over TLS.
func (m *certificates) ReplaceCACertificatesAndCRLs(c *types.ReplaceCACertificatesAndCRLs) soap.HasFault {
	for _, text := range c.CaCert {
		block, _ := pem.Decode([]byte(text))
		if block == nil || !isCA(block.Bytes) {
			return &methods.ReplaceCACertificatesAndCRLsBody{Fault_: simulator.Fault("", &types.HostConfigFault{})}
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.trusted, m.revoked = slices.Clone(c.CaCert), slices.Clone(c.CaCrl)
	return &methods.ReplaceCACertificatesAndCRLsBody{Res: &types.ReplaceCACertificatesAndCRLsResponse{}}
}

func isCA(der []byte) bool {
	certificate, err := x509.ParseCertificate(der)
	return err == nil && certificate.IsCA
}

// ListCACertificates answers the trusted CAs as PEM.
func (m *certificates) ListCACertificates(*types.ListCACertificates) soap.HasFault {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &methods.ListCACertificatesBody{Res: &types.ListCACertificatesResponse{Returnval: slices.Clone(m.trusted)}}
}

// ListCACertificateRevocationLists answers the revocation lists as PEM.
func (m *certificates) ListCACertificateRevocationLists(*types.ListCACertificateRevocationLists) soap.HasFault {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &methods.ListCACertificateRevocationListsBody{
		Res: &types.ListCACertificateRevocationListsResponse{Returnval: slices.Clone(m.revoked)}}
}
