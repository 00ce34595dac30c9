package main

import (
	"reflect"

	"github.com/vmware/govmomi/simulator"
	"github.com/vmware/govmomi/vim25/methods"
	"github.com/vmware/govmomi/vim25/soap"
	"github.com/vmware/govmomi/vim25/types"
)

// FetchResponse is the answer to Fetch of an unset property: an empty element, which pyvmomi reads
// as None. The library answers with RetrievePropertiesEx's element, which pyvmomi cannot read.
type FetchResponse struct {
	Returnval types.AnyType `xml:"returnval,typeattr"`
}

type fetchBody struct {
	Res    *FetchResponse `xml:"FetchResponse,omitempty"`
	Fault_ *soap.Fault    `xml:"http://schemas.xmlsoap.org/soap/envelope/ Fault,omitempty"`
}

// Fault is part of soap.HasFault.
func (b *fetchBody) Fault() *soap.Fault { return b.Fault_ }

type collector struct{ simulator.PropertyCollector }

func newCollector(self types.ManagedObjectReference) *collector {
	c := &collector{}
	c.Self = self
	return c
}

// Fetch answers one property; it is reached by reflection because the library's is unnamed outside.
func (c *collector) Fetch(ctx *simulator.Context, request any) soap.HasFault {
	fetch := reflect.ValueOf(&c.PropertyCollector).MethodByName("Fetch")
	reply := fetch.Call([]reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(request)})[0].Interface().(soap.HasFault)
	if body, ok := reply.(*methods.RetrievePropertiesExBody); ok && body.Fault() == nil {
		return &fetchBody{Res: &FetchResponse{}}
	}
	return reply
}
