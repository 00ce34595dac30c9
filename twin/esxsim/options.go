package main

import (
	_ "embed"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/mo"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

//go:embed options.json
var optionsFile []byte

// optionRow is one advanced option of a fresh host: what it may hold and what it holds at first.
type optionRow struct {
	Key, Type, Pattern, AfterReboot string
	Default                         any
	Min, Max                        int64
	Choices                         []string
	ReadOnly                        bool
}

// options is the host's advanced settings: a fixed list of typed keys, as on a real host.
type options struct {
	mo.OptionManager
	host *host
	rows map[string]optionRow
}

func newOptions(h *host) *options {
	var rows []optionRow
	if err := json.Unmarshal(optionsFile, &rows); err != nil {
		panic(err) // our own file
	}
	o := &options{host: h, rows: map[string]optionRow{}}
	o.Self = *h.system.ConfigManager.AdvancedOption
	for _, row := range rows {
		o.rows[row.Key] = row
		o.Setting = append(o.Setting, &types.OptionValue{Key: row.Key, Value: row.initial()})
		o.SupportedOption = append(o.SupportedOption, row.definition())
	}
	h.system.Config.Option, h.system.Config.OptionDef = o.Setting, o.SupportedOption
	return o
}

func (r optionRow) initial() any {
	number, isNumber := r.Default.(float64)
	switch {
	case isNumber && r.Type == "int":
		return int32(number)
	case isNumber:
		return int64(number)
	}
	return r.Default
}

func (r optionRow) definition() types.OptionDef {
	common := types.OptionType{ValueIsReadonly: types.NewBool(r.ReadOnly)}
	describe := func(key string) types.ElementDescription {
		return types.ElementDescription{Key: key, Description: types.Description{Label: key, Summary: key}}
	}
	def := types.OptionDef{ElementDescription: describe(r.Key)}
	switch value := r.initial().(type) {
	case bool:
		def.OptionType = &types.BoolOption{OptionType: common, Supported: true, DefaultValue: value}
	case int32:
		def.OptionType = &types.IntOption{OptionType: common, Min: int32(r.Min), Max: int32(r.Max), DefaultValue: value}
	case int64:
		def.OptionType = &types.LongOption{OptionType: common, Min: r.Min, Max: r.Max, DefaultValue: value}
	case string:
		if len(r.Choices) == 0 {
			def.OptionType = &types.StringOption{OptionType: common, DefaultValue: value}
			break
		}
		choice := &types.ChoiceOption{OptionType: common, DefaultIndex: int32(slices.Index(r.Choices, value))}
		for _, word := range r.Choices {
			element := describe(word)
			choice.ChoiceInfo = append(choice.ChoiceInfo, &element)
		}
		def.OptionType = choice
	}
	return def
}

// takes returns whether the option may hold a value: its exact type (an int is not a long) and range.
func (r optionRow) takes(value any) bool {
	inRange := func(n int64) bool { return n >= r.Min && n <= r.Max }
	switch v := value.(type) {
	case bool:
		return r.Type == "bool"
	case int32:
		return r.Type == "int" && inRange(int64(v))
	case int64:
		return r.Type == "long" && inRange(v)
	case string:
		switch r.Type {
		case "choice":
			return slices.Contains(r.Choices, v)
		case "string":
			return r.Pattern == "" || regexp.MustCompile(r.Pattern).MatchString(v)
		}
	}
	return false
}

func (o *options) value(key string) *types.OptionValue {
	for _, setting := range o.Setting {
		if v := setting.GetOptionValue(); v.Key == key {
			return v
		}
	}
	return nil
}

// number returns an int or long option.
func (o *options) number(key string) int64 {
	switch v := o.value(key).Value.(type) {
	case int32:
		return int64(v)
	case int64:
		return v
	}
	panic(key + " is no number") // our own list
}

func (o *options) text(key string) string { return o.value(key).Value.(string) }

// QueryOptions answers one option, or a subtree of them by its name; an empty name asks for all.
func (o *options) QueryOptions(c *types.QueryOptions) soap.HasFault {
	name := strings.TrimSuffix(c.Name, ".")
	var found []types.BaseOptionValue
	for _, setting := range o.Setting {
		key := setting.GetOptionValue().Key
		if name == "" || key == name || strings.HasPrefix(key, name+".") {
			found = append(found, setting)
		}
	}
	if len(found) == 0 {
		return &methods.QueryOptionsBody{Fault_: simulator.Fault("", &types.InvalidName{Name: c.Name})}
	}
	return &methods.QueryOptionsBody{Res: &types.QueryOptionsResponse{Returnval: found}}
}

// UpdateOptions takes every value of the call or none of them.
func (o *options) UpdateOptions(c *types.UpdateOptions) soap.HasFault {
	for _, change := range c.ChangedValue {
		v := change.GetOptionValue()
		row, known := o.rows[v.Key]
		switch {
		case !known:
			return &methods.UpdateOptionsBody{Fault_: simulator.Fault("", &types.InvalidName{Name: v.Key})}
		case row.ReadOnly || !row.takes(v.Value):
			return &methods.UpdateOptionsBody{Fault_: simulator.Fault("", &types.InvalidArgument{InvalidProperty: v.Key})}
		}
	}
	for _, change := range c.ChangedValue {
		v := change.GetOptionValue()
		o.value(v.Key).Value = v.Value
	}
	return &methods.UpdateOptionsBody{Res: &types.UpdateOptionsResponse{}}
}

// boot gives the options that wait for a reboot their configured value.
func (o *options) boot() {
	for key, row := range o.rows {
		if row.AfterReboot != "" && o.text(row.AfterReboot) != "" {
			o.value(key).Value = o.text(row.AfterReboot)
		}
	}
}
