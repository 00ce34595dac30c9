// esxsim stands for one standalone ESXi 8 host in the digital twin.
//
// It is the govmomi simulator library in ESX mode, with the managers a standalone host has and the
// library lacks, and with a real host's refusals. VMs whose extraConfig carries RUN.container are
// backed by containers: power-on runs `docker` from PATH. State lives in memory only.
package main

import (
	"crypto/tls"
	"flag"
	"log"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/vmware/govmomi/simulator"
)

// commandLine is what the process was started with; the password comes from a file, so that no process list shows it.
type commandLine struct {
	listen, cert, key  string
	user, passwordFile string
	control            bool
	identity           identity
}

func parseCommandLine() commandLine {
	var o commandLine
	flag.StringVar(&o.listen, "listen", "127.0.0.1:8443", "address and port")
	flag.StringVar(&o.cert, "tls-cert", "", "PEM certificate (required)")
	flag.StringVar(&o.key, "tls-key", "", "PEM private key (required)")
	flag.StringVar(&o.user, "user", "root", "the account a fresh host has")
	flag.StringVar(&o.passwordFile, "password-file", "", "file with the account's password (required)")
	flag.BoolVar(&o.control, "control", false, "serve /_ctl/ (faults for tests), behind the same password")
	flag.StringVar(&o.identity.datastore, "datastore", "datastore1", "name of the one datastore")
	flag.StringVar(&o.identity.address, "address", "", "address vmk0 says it has (default: that of -listen)")
	flag.StringVar(&o.identity.netmask, "netmask", "255.255.255.0", "its netmask")
	flag.Int64Var(&o.identity.memoryMB, "memory-mb", 65536, "memory of the host")
	flag.BoolVar(&simulator.Trace, "trace", false, "write every SOAP message to stderr (secrets included)")
	flag.Parse()
	if o.cert == "" || o.key == "" || o.passwordFile == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	if o.identity.address == "" {
		o.identity.address, _, _ = strings.Cut(o.listen, ":")
	}
	return o
}

func main() {
	log.SetFlags(0)
	o := parseCommandLine()
	secret, err := os.ReadFile(o.passwordFile)
	if err != nil {
		log.Fatal(err)
	}
	account := account{o.user, strings.TrimSpace(string(secret))}
	if account.password == "" {
		log.Fatalf("%s: no password in it", o.passwordFile)
	}
	pair, err := tls.LoadX509KeyPair(o.cert, o.key)
	if err != nil {
		log.Fatal(err)
	}
	host, err := newHost(o.identity, account, pair)
	if err != nil {
		log.Fatal(err)
	}
	server := serve(host, o.listen, account, pair, o.control)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	log.Printf("listening %s", server.URL.Host)
	<-stop
	host.model.Remove() // the VMs' containers go with the host
	host.removeDatastore()
}

// serve starts the listener: SOAP and /folder behind the accounts, /_ctl/ only when asked for.
func serve(h *host, listen string, a account, pair tls.Certificate, control bool) *simulator.Server {
	s := h.model.Service
	s.Listen = &url.URL{Host: listen, User: url.UserPassword(a.user, a.password)}
	s.TLS = &tls.Config{
		MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}, GetConfigForClient: h.certificates.present}
	s.ServeMux = http.NewServeMux()
	door := newDoor(h, a, s.ServeMux)
	if control {
		door.addControl()
	}
	server := s.NewServer()
	server.Config.Handler, server.Config.ConnState = door, door.follow(server.Config.ConnState)
	return server
}
