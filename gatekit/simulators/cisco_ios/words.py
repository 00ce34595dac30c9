"""Every text of the Cisco simulator that the vendor reference does not verify; a real capture replaces it here.

Verified elsewhere: the three ``%`` refusals (reference 0.6), the rollback messages (6.3 and public captures of
IOS-XE), the shapes of ``show`` answers that ntc-templates and genie parse.
"""

from __future__ import annotations

INVALID = "% Invalid input detected at '^' marker.\n"  # verified: ROLL
INCOMPLETE = "% Incomplete command.\n"  # verified: ROLL
NO_ROUTE = "%No matching route to delete\n"
IN_USE = "% {kind} {name} is in use by {user}; cannot be deleted\n"
LIST_IN_USE = "% Access list {name} is bound to {user}; cannot be deleted\n"
DUPLICATE_NUMBER = "%Duplicate sequence number\n"
BAD_MASK = "%Inconsistent address and mask\n"
NO_PROFILE = "% IPsec profile {name} does not exist\n"
ARCHIVE_OFF = "%Turn config archive on before using Rollback Confirmed Change\n"  # verified: reference 6.3
NOT_PENDING = "%No Rollback Confirmed Change pending\n"  # verified: napalm's tests
PENDING_ALREADY = "%Rollback Confirmed Change is already pending\n"
BACKING_UP = "Rollback Confirmed Change: Backing up current running config to {file}\n\n"  # verified: public captures
ENTER = "Enter configuration commands, one per line.  End with CNTL/Z.\n"  # verified: public captures
ONE_MINUTE = (
    "Rollback Confirmed Change: Rollback will begin in one minute.\n"
    'Enter "configure confirm" if you wish to keep what you\'ve configured\n'
)  # verified: a public capture
ROLLING = "Rollback Confirmed Change: Rolling to:{file}\n"  # verified: reference 6.3
ROLLED = "Total number of passes: 1\nRollback Done\n\n"
TIMER = (
    'Time configured(in "hh:mm:ss"): {clock}\nTimer type: absolute timer\nTimer value: {minutes} min\nUser: {user}\n'
)
LOCKED = "Configuration mode is locked by process '3' user '{user}' from terminal '{line}'. Please try later.\n"
BUILDING = "Building configuration...\n"
SAVED = "[OK]\n"
COPY_QUESTION = "Destination filename [startup-config]? "
NO_STARTUP = "startup-config is not present\n"
ACCOUNT_QUESTION = (
    "This operation will remove all username related configurations with same name.Do you want to continue? [confirm]"
)
NAT_QUESTION = "Dynamic mapping in use, do you want to delete all entries? [no]: "
ARCHIVE_OFF_SHOW = " Archive feature not enabled\n"  # verified: ntc-templates
VERSION = """\
Cisco IOS XE Software, Version 17.09.04a
Cisco IOS Software [Cupertino], {image}, Version 17.9.4a, RELEASE SOFTWARE (fc3)
Technical Support: http://www.cisco.com/techsupport
Copyright (c) 1986-2023 by Cisco Systems, Inc.
ROM: IOS-XE ROMMON

{name} uptime is {uptime}
Uptime for this control processor is {uptime}
System returned to ROM by {reason}
System image file is "bootflash:packages.conf"
Last reload reason: {reason}

cisco {model} (1RU) processor with 1652219K/6147K bytes of memory.
Processor board ID {serial}
4 Gigabit Ethernet interfaces
32768K bytes of non-volatile configuration memory.

Configuration register is 0x2102
"""
IKEV2_SA = """\
 IPv4 Crypto IKEv2  SA

 IPv6 Crypto IKEv2  SA

Tunnel-id    fvrf/ivrf              Status
1          none/none             READY
Local  {local}/500
Remote  {peer}/500
      Encr: {encryption}, keysize: 256, PRF: {prf}, Hash: {integrity}, DH Grp:{group}, Auth sign: PSK, Auth verify: PSK
      Life/Active Time: {lifetime}/{active} sec
      CE id: 0, Session-id: 1
      Local spi: {ours}       Remote spi: {theirs}
      Status Description: Negotiation done
      Local id: {local_id}
      Remote id: {remote_id}
      Local req msg id:  2              Remote req msg id:  0
      Local next msg id: 2              Remote next msg id: 0
      Local req queued:  2              Remote req queued:  0
      Local window:      5              Remote window:      5
      DPD configured for {dpd} seconds, retry {retry}
      Fragmentation not  configured.
      Dynamic Route Update: disabled
      Extended Authentication not configured.
      NAT-T is not detected
      Cisco Trust Security SGT is disabled
      Initiator of SA : Yes
"""  # verified: genie's golden of an IPv6 SA
NO_IKEV2_SA = " IPv4 Crypto IKEv2  SA\n\n IPv6 Crypto IKEv2  SA\n\n"
IPSEC_HEAD = """\

interface: {interface}
    Crypto map tag: {interface}-head-0, local addr {local}
"""
IPSEC_SA = """\

   protected vrf: (none)
   local  ident (addr/mask/prot/port): ({local_ident}/0/0)
   remote ident (addr/mask/prot/port): ({remote_ident}/0/0)
   current_peer {peer} port 500
     PERMIT, flags={{origin_is_acl,}}
    #pkts encaps: 912, #pkts encrypt: 912, #pkts digest: 912
    #pkts decaps: 845, #pkts decrypt: 845, #pkts verify: 845
    #pkts compressed: 0, #pkts decompressed: 0
    #pkts not compressed: 0, #pkts compr. failed: 0
    #pkts not decompressed: 0, #pkts decompress failed: 0
{errors}
     local crypto endpt.: {local}, remote crypto endpt.: {peer}
     plaintext mtu {plaintext_mtu}, path mtu 1500, ip mtu 1500, ip mtu idb {source}
     current outbound spi: {spi_out}
     PFS (Y/N): Y, DH group: {group}

     inbound esp sas:
      spi: {spi_in}
        transform: {transform} ,
        in use settings ={{Tunnel, }}
        conn id: 2001, flow_id: ESG:1, sibling_flags FFFFFFFF80000048, crypto map: {interface}-head-0
        sa timing: remaining key lifetime (k/sec): (4607211/{left})
        IV size: {iv} bytes
        replay detection support: Y{window}
        Status: ACTIVE(ACTIVE)

     inbound ah sas:

     inbound pcp sas:

     outbound esp sas:
      spi: {spi_out}
        transform: {transform} ,
        in use settings ={{Tunnel, }}
        conn id: 2002, flow_id: ESG:2, sibling_flags FFFFFFFF80000048, crypto map: {interface}-head-0
        sa timing: remaining key lifetime (k/sec): (4607402/{left})
        IV size: {iv} bytes
        replay detection support: Y{window}
        Status: ACTIVE(ACTIVE)

     outbound ah sas:

     outbound pcp sas:
"""
ROUTE_CODES = """\
Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP
       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area
       N1 - OSPF NSSA external type 1, N2 - OSPF NSSA external type 2
       E1 - OSPF external type 1, E2 - OSPF external type 2, m - OMP
       n - NAT, Ni - NAT inside, No - NAT outside, Nd - NAT DIA
       i - IS-IS, su - IS-IS summary, L1 - IS-IS level-1, L2 - IS-IS level-2
       ia - IS-IS inter area, * - candidate default, U - per-user static route
       H - NHRP, G - NHRP registered, g - NHRP registration summary
       o - ODR, P - periodic downloaded static route, l - LISP
       a - application route
       + - replicated route, % - next hop override, p - overrides from PfR

{gateway}

"""
NO_GATEWAY = "Gateway of last resort is not set"
ROUTE_MISSING = "% Network not in table\n"
ROUTE_ENTRY = """\
Routing entry for {network}
  Known via "static", distance {distance}, metric 0{connected}
  Routing Descriptor Blocks:
  * {path}
      Route metric is 0, traffic share count is 1
"""  # verified in part: reference 6.2
IPSEC_ERRORS = "    #send errors 0, #recv errors 0"
IPSEC_ERRORS_DETAIL = """\
    #pkts no sa (send) 0, #pkts invalid sa (rcv) 0
    #pkts encaps failed (send) 0, #pkts decaps failed (rcv) 0
    #pkts invalid prot (recv) 0, #pkts verify failed: 0
    #pkts invalid identity (recv) 0, #pkts invalid len (rcv) 0
    #pkts replay rollover (send): 0, #pkts replay rollover (rcv) 0
    ##pkts replay failed (rcv): 0
    #pkts tagged (send): 0, #pkts untagged (rcv): 0
    #pkts not tagged (send): 0, #pkts not untagged (rcv): 0
    #pkts internal err (send): 0, #pkts internal err (recv) 0"""
ROUTER_IMAGE = "ISR Software (X86_64_LINUX_IOSD-UNIVERSALK9-M)"
SWITCH_IMAGE = "Catalyst L3 Switch Software (CAT9K_IOSXE)"
ARCHIVE = """\
The maximum archive configurations allowed is 10.
There are currently {count} archive configurations saved.
The next archive file will be named {next}
 Archive #  Name
"""
DIFFERENCES = "!Contextual Config Diffs:\n"  # verified: reference 6.3
PRIVILEGE = "Current privilege level is 15\n"
USERS = "    Line       User       Host(s)              Idle       Location\n"
USER = "{mark}{line:3} vty {vty}     {user:10} idle                 00:00:00 {address}\n"
WINDOW_DETAIL = "  replay window size: 512"  # verified: ntc-templates
SERIAL = "FDO00000001"
FACTORY = """\
version 17.9
service timestamps log datetime msec
hostname Router
boot-start-marker
boot-end-marker
interface GigabitEthernet0/0/0
 no ip address
 shutdown
 negotiation auto
interface GigabitEthernet0/0/1
 no ip address
 shutdown
 negotiation auto
ip forward-protocol nd
ip http server
ip http secure-server
control-plane
line con 0
 stopbits 1
line vty 0 4
 login
 transport input ssh
"""
# the setup dialogue of 17.x, from public captures; the words after a weak secret are ours
SETUP_QUESTION = (
    "\n         --- System Configuration Dialog ---\n\n"
    "Would you like to enter the initial configuration dialog? [yes/no]: "
)
SETUP_ANSWER = "% Please answer 'yes' or 'no'.\n"
SETUP_NOT_SIMULATED = "% The dialogue itself is not simulated.\n"
SETUP_EXPLAINED = """
  The enable secret is a password used to protect access to privileged EXEC and configuration modes. This password,
  after entered, becomes encrypted in the configuration.
  -------------------------------------------------
  secret should be of minimum 10 characters and maximum 32 characters with
  at least 1 upper case, 1 lower case, 1 digit and
  should not contain [cisco]
  -------------------------------------------------
"""
SETUP_ENTER, SETUP_CONFIRM = "  Enter enable secret: ", "  Confirm enable secret: "
SETUP_WEAK = "% Password strength validation failed\n"
SETUP_CHOICE = """
The following configuration command script was created:

enable secret 9 $9$notshown
!
end


[0] Go to the IOS command prompt without saving this config.
[1] Return back to the setup without saving this config.
[2] Save this configuration to nvram and exit.

Enter your selection [2]: """
PRESS_RETURN = "\n\nPress RETURN to get started!\n\n"
CONSOLE_LOG = (
    "\n*Nov 23 09:00:00.006: %SSH-5-ENABLED: SSH 1.99 has been enabled\n"
    '*Nov 23 09:00:00.173: %PKI-4-NOCONFIGAUTOSAVE: Configuration was modified.  Issue "write memory" to save new IOS '
    "PKI configuration\n"
)
ENABLE_PASSWORD, BAD_SECRETS = "Password: ", "% Bad secrets\n"
ERASE_QUESTION = "Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]"
ERASED = "[OK]\nErase of nvram: complete\n"  # verified: public captures, with the questions of reload
MODIFIED_QUESTION = "\nSystem configuration has been modified. Save? [yes/no]: "
RELOAD_QUESTION = "Proceed with reload? [confirm]"
RELOAD_OFF_S = 240.0
GENERATING_KEY = (
    "The name for the keys will be: {label}\n\n% The key modulus size is {bits} bits\n"
    "% Generating {bits} bit RSA keys, keys will be non-exportable...\n[OK] (elapsed time was 1 seconds)\n\n"
)  # verified: public captures
REPLACE_KEY_QUESTION = (
    "% You already have RSA keys defined named {label}.\n% They will be replaced.\n\n"
    "% Do you really want to replace them? [yes/no]: "
)
ZEROIZE_QUESTION = (
    "% All keys will be removed.\n% All router certs issued using these keys will also be removed.\n"
    "Do you really want to remove these keys? [yes/no]: "
)
