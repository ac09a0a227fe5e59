/**
 * What the numbers of attributes mean where G.988 9 names them, by class and attribute; the clause is the class's own. A line begins
 * with the attributes that share the names, then has number and name, with a semicolon between; a line that goes on is indented.
 */

/** Table 9.1.5-1. */
const PLUG_IN_UNITS = `0 none; 13 DS1; 14 E1; 16 DS1/E1; 17 DS1/E1/J1; 22 10BASE-T; 23 100BASE-T; 24 10/100BASE-T; 28 J1;
  32 POTS; 33 ISDN-BRI; 34 Gigabit optical Ethernet; 35 xDSL; 36 SHDSL; 37 VDSL; 38 video service; 39 LCT; 40 802.11;
  41 xDSL and POTS; 42 VDSL and POTS; 43 common equipment; 44 video UNI and PON; 45 mixed services; 46 MoCA; 47 10/100/1000BASE-T;
  48 VEIP; 248 GPON 2.488/1.244; 255 plug and play or unknown`;
/** Code points of IEEE 802.1ad and of DSCP, as priority queues and traffic descriptors have them. */
const COLOUR_CODES = "2 DEI; 3 PCP 8P0D; 4 PCP 7P1D; 5 PCP 6P2D; 6 PCP 5P3D; 7 DSCP AF class";
/** RFC 3551. */
const CODECS = `0 PCMU; 3 GSM; 4 G.723; 5 DVI4 8 kHz; 6 DVI4 16 kHz; 7 LPC; 8 PCMA; 9 G.722; 10 L16 stereo; 11 L16 mono;
  12 QCELP; 13 CN; 14 MPA; 15 G.728; 16 DVI4 11.025 kHz; 17 DVI4 22.05 kHz; 18 G.729`;
const ON_OFF = "0 disabled; 1 enabled";

export const VALUES = `
5.actualPlugInUnitType 5.expectedPlugInUnitType 6.type 12.sensedType 11.sensedType: ${PLUG_IN_UNITS}
5.invokeProtectionSwitch: 0 released; 1 to any protect slot; 2 to the first protect slot; 3 to the second protect slot
6.operationalState: 0 enabled; 1 disabled; 2 unknown
6.bridgedOrIpInd: 0 bridged; 1 IP router; 2 both
7.isCommitted 7.isActive 7.isValid: 0 no; 1 yes
11.expectedType 12.expectedType: ${PLUG_IN_UNITS.replace("0 none", "0 autosense")}
11.autoDetectionConfiguration: 0 auto; 1 10 full duplex; 2 100 full duplex; 3 1000 full duplex; 4 auto full duplex; 17 10 half duplex;
  18 100 half duplex; 19 1000 half duplex; 20 auto half duplex
11.ethernetLoopbackConfiguration 162.loopbackConfiguration: 0 none; 3 loop 3
11.configurationInd: 0 unknown; 1 10BASE-T full duplex; 2 100BASE-T full duplex; 3 1 Gbit/s full duplex; 4 10 Gbit/s full duplex;
  5 2.5 Gbit/s full duplex; 6 5 Gbit/s full duplex; 7 25 Gbit/s full duplex; 8 40 Gbit/s full duplex; 17 10BASE-T half duplex;
  18 100BASE-T half duplex; 19 1 Gbit/s half duplex
11.dteOrDceInd: 0 DCE or MDI-X; 1 DTE or MDI; 2 automatic
11.bridgedOrIpInd: 0 bridged; 1 IP router; 2 as the circuit pack
11.pppoeFilter 162.pppoeFilter: 0 none; 1 PPPoE alone passes
11.powerControl 82.powerControl: ${ON_OFF}
12.cesLoopbackConfiguration: 0 none; 1 payload; 2 line; 3 OS directed 1; 4 OS directed 2; 5 OS directed 3; 6 manual button;
  7 network-side inband code; 8 SmartJack; 9 network-side inband code (armed); 10 remote line by FDL; 11 remote line by inband code;
  12 remote payload
12.framing: 0 extended superframe; 1 superframe; 2 unframed; 3 G.704; 4 JT-G.704; 5 basic; 6 basic with CRC-4; 7 basic with TS16;
  8 basic with CRC-4 and TS16
12.encoding: 0 B8ZS; 1 AMI; 2 HDB3; 3 B3ZS
12.lineType: 0 other; 1 DS3 M23; 2 DS3 syntran; 3 DS3 C-bit parity; 4 DS3 clear channel; 5 E3 framed; 6 E3 PLCP; 7 DS1; 8 E1; 9 J1
47.tpType: 1 PPTP Ethernet UNI; 2 interworking VCC TP; 3 802.1p mapper; 4 IP host; 5 GEM interworking TP;
  6 multicast GEM interworking TP; 7 PPTP xDSL UNI part 1; 8 PPTP VDSL UNI; 9 Ethernet flow TP; 11 VEIP; 12 PPTP MoCA UNI;
  13 EFM bonding group
48.portState: 0 disabled; 1 listening; 2 learning; 3 forwarding; 4 blocking; 5 link down; 6 STP off
53.impedance: 0 600 ohm; 1 900 ohm; 2 150 nF/750 ohm/270 ohm; 3 115 nF/820 ohm/220 ohm; 4 230 nF/1050 ohm/320 ohm
53.transmissionPath: 0 full-time on-hook; 1 part-time on-hook
53.hookState: 0 on hook; 1 off hook
53.lossOfSoftswitch: ${ON_OFF}
58.announcementType: 1 silence; 2 reorder tone; 3 fast busy; 4 voice announcement; 255 not specified
78.upstreamVlanTaggingOperationMode: 0 as is; 1 tag or overwrite; 2 add a tag
78.downstreamVlanTaggingOperationMode: 0 as is; 1 strip the outer tag
78.associationType: 0 PPTP Ethernet UNI; 1 IP host; 2 802.1p mapper; 3 MAC bridge port; 4 PPTP xDSL UNI; 5 GEM interworking TP;
  6 multicast GEM interworking TP; 7 PPTP MoCA UNI; 9 Ethernet flow TP; 10 PPTP Ethernet UNI; 11 VEIP; 12 MPLS pseudowire TP;
  13 EFM bonding group
90.agcMode: 0 none; 1 broadband RF; 2 optical
130.unmarkedFrameOption: 0 from DSCP; 1 default P-bit
130.tpType: 0 bridging and mapping; 1 PPTP Ethernet UNI; 2 IP host; 3 Ethernet flow TP; 4 PPTP xDSL UNI; 6 PPTP MoCA UNI; 7 VEIP;
  8 interworking VCC TP; 9 EFM bonding group
136.protocol: 1 ICMP; 6 TCP; 17 UDP
138.signallingProtocolUsed: 0 none; 1 SIP; 2 H.248; 3 MGCP; 255 chosen otherwise than by OMCI
138.voipConfigurationMethodUsed: 0 ONU default; 1 OMCI; 2 configuration file; 3 TR-069; 4 SIPPING framework
138.voipConfigurationState: 0 inactive; 1 active; 2 initializing; 3 fault
139.signallingCode: 1 loop start; 2 ground start; 3 loop reverse battery; 4 coin first; 5 dial tone first; 6 multi-party
141.voipCodecUsed 142.codecSelection1 142.codecSelection2 142.codecSelection3 142.codecSelection4: ${CODECS}
141.voipVoiceServerStatus: 0 none or initial; 1 registered; 2 in session; 3 registration failed (ICMP error); 4 registration failed (TCP);
  5 registration failed (authentication); 6 registration failed (timeout); 7 registration failed (server's code);
  8 invite failed (ICMP error); 9 invite failed (TCP); 10 invite failed (authentication); 11 invite failed (timeout);
  12 invite failed (server's code); 13 port not configured; 14 configuration done; 15 disabled by switch
141.voipPortSessionType: 0 idle; 1 two-way; 2 three-way; 3 fax or modem; 4 telemetry; 5 conference
141.voipLineState: 0 idle (on hook); 1 off hook (dial tone); 2 dialling; 3 ringing; 4 audible ringback; 5 connecting; 6 connected;
  7 disconnecting; 8 receiver off hook (no tone); 9 receiver off hook (tone); 10 unknown
142.faxMode: 0 pass through; 1 T.38
143.piggybackEvents 143.toneEvents 143.dtmfEvents 143.casEvents: ${ON_OFF}
145.dialPlanFormat: 0 not defined; 1 H.248; 2 NCS; 3 vendor's
148.validationScheme: 0 disabled; 1 MD5 digest; 3 basic
150.sipStatus: 0 ok or initial; 1 connected; 2 failed (ICMP error); 3 failed (malformed response); 4 failed (inadequate information);
  5 failed (timeout); 6 redundant (offline)
150.sipUriFormat: 0 TEL; 1 SIP
155.messageFormat: 0 text long; 1 text short; 2 binary
158.commandFormat: 0 ASCII; 1 free format
171.associationType: 0 MAC bridge port; 1 802.1p mapper; 2 PPTP Ethernet UNI; 3 IP host; 4 PPTP xDSL UNI; 5 GEM interworking TP;
  6 multicast GEM interworking TP; 7 PPTP MoCA UNI; 9 Ethernet flow TP; 10 VEIP; 11 MPLS pseudowire TP; 12 EFM bonding group
171.downstreamMode: 0 inverse; 1 as is; 2 inverse by VID and P-bit (others as is); 3 inverse by VID (others as is);
  4 inverse by P-bit (others as is); 5 inverse by VID and P-bit (others discarded); 6 inverse by VID (others discarded);
  7 inverse by P-bit (others discarded); 8 all discarded
256.trafficManagementOption: 0 by priority; 1 by rate; 2 by priority and rate
256.credentialsStatus: 0 initial; 1 authenticated; 2 LOID error; 3 password error; 4 duplicate LOID
257.omccVersion: 128 G.984.4 2004; 129 G.984.4 2004 Amd.1; 130 G.984.4 2004 Amd.2; 131 G.984.4 2004 Amd.3; 132 G.984.4 2008;
  133 G.984.4 2008 Amd.1; 134 G.984.4 2008 Amd.2; 150 G.984.4 2008 Amd.2 extended; 160 G.988 2010; 161 G.988 2010 Amd.1;
  162 G.988 2010 Amd.2; 163 G.988 2012; 176 G.988 2010 extended; 177 G.988 2010 Amd.1 extended;
  178 G.988 2010 Amd.2 extended; 179 G.988 2012 extended; 180 G.988 2012 Amd.1 extended
257.securityCapability 257.securityMode: 1 AES-128
257.currentConnectivityMode: 0 none; 1 N:1 bridging; 2 1:M mapping; 3 1:P filtering; 4 N:M bridge-mapping; 5 1:MP map-filtering;
  6 N:P bridge-filtering; 7 N:MP bridge-map-filtering
262.policy 278.policy: 0 null; 1 strict priority; 2 weighted round robin
263.piggybackDbaReporting: 0 mode 0; 1 modes 0 and 1; 4 not supported
264.managementCapability: 0 OMCI alone; 1 not by OMCI; 2 OMCI and others
266.interworkingOption: 0 circuit-emulated TDM; 1 MAC bridged LAN; 4 video return path; 5 802.1p mapper; 6 downstream broadcast;
  7 MPLS pseudowire TDM
266.galLoopbackConfiguration: 0 none; 1 downstream behind GAL
268.direction: 1 UNI to ANI; 2 ANI to UNI; 3 bidirectional
268.encryptionState: 0 not encrypted; 1 AES-128
268.encryptionKeyRing: 0 none; 1 unicast (both directions); 2 broadcast; 3 unicast (downstream)
277.queueConfigurationOption: 0 a buffer of its own; 1 a shared buffer
277.backPressureOperation: 0 enabled; 1 disabled
277.dropPrecedenceColourMarking 280.egressColourMarking: 0 none; 1 internal; ${COLOUR_CODES}
280.colourMode: 0 colour-blind; 1 colour-aware
280.ingressColourMarking: 0 none; ${COLOUR_CODES}
280.meterType: 0 not specified; 1 RFC 4115; 2 RFC 2698
281.interworkingOption: 0 don't care; 1 MAC bridged LAN; 5 802.1p mapper
282.underlyingTransport: 0 Ethernet (MEF 8); 1 UDP; 2 MPLS
282.timingMode: 0 network; 1 differential; 2 adaptive; 3 loop
286.tagPolicy: 0 untagged; 1 tagged
286.loopback: 0 none; 1 downstream at the MAC client
288.access: 1 created by the ONU; 2 created by the OLT; 3 created by both
288.support 289.support: 1 supported; 2 unsupported; 3 partially supported; 4 ignored
289.access: 1 read; 2 write; 3 read and write; 5 read and set by create; 6 write and set by create; 7 read and write and set by create
289.format: 1 pointer; 2 bit field; 3 signed integer; 4 unsigned integer; 5 string; 6 enumeration; 7 table
290.authenticatorPaeState: 0 initialize; 1 disconnected; 2 connecting; 3 authenticating; 4 authenticated; 5 aborting; 6 held; 7 force auth;
  8 force unauth; 9 restart
290.backendAuthenticationState: 0 request; 1 response; 2 success; 3 fail; 4 timeout; 5 idle; 6 initialize; 7 ignore
299.mhfCreation: 1 none; 2 default; 3 explicit
300.mhfCreation: 1 none; 2 default; 3 explicit; 4 defer
299.senderIdPermission: 1 none; 2 chassis; 3 manage; 4 chassis and manage
309.igmpVersion: 1 IGMP v1; 2 IGMP v2; 3 IGMP v3; 16 MLD v1; 17 MLD v2
309.igmpFunction: 0 snooping; 1 snooping with proxy reporting; 2 proxy
309.upstreamIgmpTagControl: 0 as is; 1 add a tag; 2 replace the TCI; 3 replace the VID
310.meType 311.meType: 0 MAC bridge port; 1 802.1p mapper
332.onuAuthenticationStatus: 0 indeterminate; 3 success; 4 failure
arc: ${ON_OFF}
`;

/** Alarms by number, as the tables of each class have them. */
export const ALARMS = `
5: 0 plug-in circuit pack missing; 1 plug-in type mismatch; 2 improper card removal; 3 plug-in equipment ID mismatch; 4 protection switch
6: 0 equipment; 1 powering; 2 self-test failure; 3 laser end of life; 4 temperature yellow; 5 temperature red
11: 0 LAN-LOS
12: 0 TF; 1 LOS; 2 LOF; 3 OOF; 4 RAI
24: 0 FCS errors; 1 excessive collisions; 2 late collisions; 3 frames too long; 4 buffer overflows on receive;
  5 buffer overflows on transmit; 6 single collision frames; 7 multiple collision frames; 8 SQE; 9 deferred transmissions;
  10 internal MAC transmit errors; 11 carrier sense errors; 12 alignment errors; 13 internal MAC receive errors
47: 0 port blocking
51: 0 bridge learning entry discards
52: 1 delay exceeded discards; 2 MTU exceeded discards; 4 received and discarded
58: 1 file not found
82: 0 video LOS; 1 video out of range (low); 2 video out of range (high)
89: 0 PPPoE filtered frames
90: 0 video LOS; 1 video out of range (low); 2 video out of range (high)
98: 0 NE LOF; 1 NE LOS; 2 NE LOL; 3 NE LPR; 4 card; 5 FE LOF; 6 FE LOS; 7 FE LOL; 8 FE LPR; 9 DRT up; 10 DRT down; 11 LINIT; 12 LCD; 13 NCD;
  14 LCD-FE; 15 NCD-FE; 16 file not found; 17 OOS; 18 OOS-FE; 19 LOR; 20 LOM; 21 LOR-FE; 22 LOM-FE
135: 1 ICMP errors; 2 DNS errors; 3 DHCP timeouts; 4 IP address conflicts; 5 out of memory; 6 internal errors
138: 0 server name; 1 server reach; 2 server connect; 3 server validate; 4 server auth; 5 server timeout; 6 server fail;
  7 configuration file error; 8 subscription name; 9 subscription reach; 10 subscription connect; 11 subscription validate;
  12 subscription auth; 13 subscription timeout; 14 subscription fail; 15 reboot request
140: 0 call set-up failures; 1 call set-up timer; 2 call terminate failures; 3 port releases without dialling; 4 port off-hook timer
144: 0 RTP errors; 1 packet loss; 2 maximum jitter; 3 maximum time between RTCP packets; 4 buffer underflows; 5 buffer overflows
150: 0 register name; 1 register reach; 2 register connect; 3 register validate; 4 register auth; 5 register timeout; 6 register fail
153: 0 register auth; 1 register timeout; 2 register fail
155: 0 timeout
156: 0 protocol errors; 1 transport losses
160: 1 sense point 1; 2 sense point 2; 3 sense point 3; 4 sense point 4; 5 sense point 5; 6 sense point 6; 7 sense point 7; 8 sense point 8
162: 0 MoCA LOL; 1 MoCA limited link
256: 0 equipment; 1 powering; 2 battery missing; 3 battery failure; 4 battery low; 5 physical intrusion; 6 ONU self-test failure;
  7 dying gasp; 8 temperature yellow; 9 temperature red; 10 voltage yellow; 11 voltage red; 12 ONU manual power off;
  13 invalid image; 14 PSE overload yellow; 15 PSE overload red
263: 0 low received optical power; 1 high received optical power; 2 signal fail; 3 signal degrade; 4 low transmit optical power;
  5 high transmit optical power; 6 laser bias current
268: 5 end-to-end loss of continuity
276: 0 discarded frames
277: 0 block loss
285: 0 missing packets; 1 misordered packets (usable); 2 misordered packets (dropped); 3 playout buffer underruns or overruns;
  4 malformed packets; 5 stray packets; 6 remote packet loss; 7 ES; 8 SES; 9 UAS
296: 0 drop events; 1 undersize packets; 2 fragments; 3 jabbers
302: 0 RDI CCM; 1 MAC status; 2 remote CCM; 3 error CCM; 4 Xcon CCM; 5 unexpected period; 6 AIS
312: 0 corrected bytes; 1 corrected code words; 2 uncorrectable code words; 4 FEC seconds
321: 0 drop events; 1 CRC errored packets; 2 undersize packets; 3 oversize packets
322: 0 drop events; 1 CRC errored packets; 2 undersize packets; 3 oversize packets
329: 0 connecting function fail
334: 1 drop events; 2 CRC errored frames; 3 undersize frames; 4 oversize frames
341: 1 encryption key errors
342: 1 socket failed; 2 listen failed; 3 bind failed; 4 accept failed; 5 select failed
344: 1 PSBd HEC errors; 2 XGTC HEC errors; 3 unknown profiles; 4 XGEM HEC losses; 5 XGEM key errors; 6 XGEM HEC errors
345: 1 PLOAM MIC errors; 2 OMCI MIC errors
425: 1 drop events; 2 CRC errored frames; 3 undersize frames; 4 oversize frames
440: 0 clock unlock; 1 ESMC loss; 2 time unlock
441: 0 flash memory performance yellow; 1 flash memory performance red; 2 loss of redundant power supply; 3 loss of redundant power feed;
  4 ground fault
446: 0 PLOAM MIC errors
447: 0 unsatisfied Adjust_Tx_Wavelength requests
448: 0 Change_Power_Level parameter errors
452: 0 OMCI MIC errors
453: 0 corrected bytes; 1 corrected code words; 2 uncorrectable code words; 4 FEC seconds
454: 1 PSBd HEC errors; 2 XGTC HEC errors; 3 unknown profiles; 4 XGEM HEC losses; 5 XGEM key errors; 6 XGEM HEC errors
`;
