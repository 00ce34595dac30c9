package main

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

//go:embed licences.json
var licencesFile []byte

// edition is a kind of licence. A real key hides its edition; here the first five letters name it.
type edition struct {
	Edition, Name, Prefix string
	Days                  int // until it ends; 0: it does not
	Writes                bool
	Features              []string
}

var editions = func() []edition {
	var rows []edition
	if err := json.Unmarshal(licencesFile, &rows); err != nil {
		panic(err) // our own file
	}
	return rows
}()

var licenceKey = regexp.MustCompile(`^[0-9A-Z]{5}(-[0-9A-Z]{5}){4}$`)

// evaluationKey is the key a host shows as long as nobody gave it one.
const evaluationKey = "00000-00000-00000-00000-00000"

// licences holds the host's one licence.
type licences struct {
	mo.LicenseManager
	host    *host
	present edition
	ends    time.Time // zero: it does not
}

func newLicences(h *host) *licences {
	l := &licences{host: h}
	l.Self = *h.model.ServiceContent.LicenseManager
	l.assign(evaluationKey, editions[0])
	l.Evaluation = types.LicenseManagerEvaluationInfo{Properties: append(l.ending(), l.product()...)}
	return l
}

// named returns the edition of a well-formed key.
func named(key string) (edition, bool) {
	if !licenceKey.MatchString(key) {
		return edition{}, false
	}
	i := slices.IndexFunc(editions, func(e edition) bool { return strings.HasPrefix(key, e.Prefix) })
	if i < 0 {
		return edition{}, false
	}
	return editions[i], true
}

func (l *licences) assign(key string, e edition) {
	l.present, l.ends = e, time.Time{}
	if e.Days > 0 {
		l.ends = l.host.clock.now().Add(time.Duration(e.Days) * 24 * time.Hour)
	}
	l.LicensedEdition = e.Edition
	l.Licenses = []types.LicenseManagerLicenseInfo{l.info(key, e)}
}

func (l *licences) info(key string, e edition) types.LicenseManagerLicenseInfo {
	info := types.LicenseManagerLicenseInfo{
		LicenseKey: key, EditionKey: e.Edition, Name: e.Name, Total: 0, CostUnit: "cpuPackage", Properties: l.product()}
	for _, feature := range e.Features {
		info.Properties = append(info.Properties,
			types.KeyAnyValue{Key: "feature", Value: types.KeyValue{Key: feature, Value: feature}})
	}
	info.Properties = append(info.Properties, l.ending()...)
	return info
}

func (l *licences) product() []types.KeyAnyValue {
	about := l.host.model.ServiceContent.About
	return []types.KeyAnyValue{
		{Key: "ProductName", Value: about.LicenseProductName}, {Key: "ProductVersion", Value: about.LicenseProductVersion}}
}

func (l *licences) ending() []types.KeyAnyValue {
	if l.ends.IsZero() {
		return nil
	}
	left := l.ends.Sub(l.host.clock.now())
	return []types.KeyAnyValue{
		{Key: "expirationDate", Value: l.ends}, {Key: "expirationHours", Value: int64(left.Hours())},
		{Key: "expirationMinutes", Value: int64(left.Minutes())}}
}

// unlicensed are the writes every licence allows: without them no other could be entered.
var unlicensed = []string{"AddLicense", "UpdateLicense", "RemoveLicense", "UpdateLicenseLabel", "TerminateSession"}

// check refuses a write the licence does not allow: none with the free one, none after the end.
func (l *licences) check(method string) types.BaseMethodFault {
	ended := !l.ends.IsZero() && l.host.clock.now().After(l.ends)
	switch {
	case !writes(method) || slices.Contains(unlicensed, method):
		return nil
	case ended && method == "PowerOnVM_Task":
		return &types.LicenseExpired{LicenseKey: l.Licenses[0].LicenseKey}
	case ended || !l.present.Writes:
		return &types.RestrictedVersion{}
	}
	return nil
}

// AddLicense gives the host the licence of a key. A host holds one: the new one takes the old one's place.
func (l *licences) AddLicense(c *types.AddLicense) soap.HasFault {
	e, ok := named(c.LicenseKey)
	if !ok {
		return &methods.AddLicenseBody{Fault_: simulator.Fault("", &types.InvalidArgument{InvalidProperty: "licenseKey"})}
	}
	l.assign(c.LicenseKey, e)
	return &methods.AddLicenseBody{Res: &types.AddLicenseResponse{Returnval: l.Licenses[0]}}
}

// UpdateLicense is what the host's own client uses to enter a key.
func (l *licences) UpdateLicense(c *types.UpdateLicense) soap.HasFault {
	e, ok := named(c.LicenseKey)
	if !ok {
		return &methods.UpdateLicenseBody{Fault_: simulator.Fault("", &types.InvalidArgument{InvalidProperty: "licenseKey"})}
	}
	l.assign(c.LicenseKey, e)
	return &methods.UpdateLicenseBody{Res: &types.UpdateLicenseResponse{Returnval: l.Licenses[0]}}
}

// DecodeLicense says what a key is without entering it.
func (l *licences) DecodeLicense(c *types.DecodeLicense) soap.HasFault {
	e, ok := named(c.LicenseKey)
	if !ok {
		return &methods.DecodeLicenseBody{Fault_: simulator.Fault("", &types.InvalidArgument{InvalidProperty: "licenseKey"})}
	}
	return &methods.DecodeLicenseBody{Res: &types.DecodeLicenseResponse{Returnval: l.info(c.LicenseKey, e)}}
}

// RemoveLicense takes the licence away: what is left is the evaluation.
func (l *licences) RemoveLicense(c *types.RemoveLicense) soap.HasFault {
	if l.Licenses[0].LicenseKey == c.LicenseKey {
		l.assign(evaluationKey, editions[0])
	}
	return &methods.RemoveLicenseBody{Res: &types.RemoveLicenseResponse{}}
}

// ServeHTTP takes POST /_ctl/licence {"Edition": "esxBasic", "Days": 3}: the licence of a test.
func (l *licences) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Edition string
		Days    *float64
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	i := slices.IndexFunc(editions, func(e edition) bool { return e.Edition == in.Edition })
	if i < 0 {
		http.Error(w, "unknown edition", http.StatusBadRequest)
		return
	}
	key := editions[i].Prefix + evaluationKey[len(editions[i].Prefix):]
	l.assign(key, editions[i])
	if in.Days != nil {
		l.ends = l.host.clock.now().Add(time.Duration(*in.Days * 24 * float64(time.Hour)))
		l.Licenses[0] = l.info(key, editions[i])
	}
}
