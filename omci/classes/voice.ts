/** Classes of voice services, G.988 9.9; how to read them is in `parse.ts`. */

export const VOICE_CLASSES = `
53 PPTP POTS UNI, 9.9.1
  administrativeState 1 state w, deprecated 2 w, arc 1 w, arcInterval 1 w, impedance 1 enum w, transmissionPath 1 enum w,
  rxGain 1 int w, txGain 1 int w, operationalState 1 oper, hookState 1 enum, potsHoldoverTime 2 w, nominalFeedVoltage 1 w,
  lossOfSoftswitch 1 enum w
58 Voice service profile, 9.9.6
  announcementType 1 enum wc, jitterTarget 2 wc, jitterBufferMax 2 wc, echoCancelInd 1 bool wc, pstnProtocolVariant 2 wc,
  dtmfDigitLevels 2 bits wc, dtmfDigitDuration 2 wc, hookFlashMinimumTime 2 wc, hookFlashMaximumTime 2 wc,
  tonePatternTable 20 table w, toneEventTable 7 table w, ringingPatternTable 5 table w, ringingEventTable 7 table w,
  networkSpecificExtensionsPointer 2 ptr wc
138 VoIP config data, 9.9.18
  availableSignallingProtocols 1 bits, signallingProtocolUsed 1 enum w, availableVoipConfigurationMethods 4 bits,
  voipConfigurationMethodUsed 1 enum w, voipConfigurationAddressPointer 2 ptr w, voipConfigurationState 1 enum,
  retrieveProfile 1 w, profileVersion 25 text
139 VoIP voice CTP, 9.9.4
  userProtocolPointer 2 ptr wc, pptpPointer 2 ptr wc, voipMediaProfilePointer 2 ptr wc, signallingCode 1 enum wc
140 Call control PM history data, 9.9.12
  intervalEndTime 1, thresholdData12Id 2 ptr wc, callSetupFailures 4, callSetupTimer 4, callTerminateFailures 4,
  analogPortReleases 4, analogPortOffHookTimer 4
141 VoIP line status, 9.9.11
  voipCodecUsed 2 enum, voipVoiceServerStatus 1 enum, voipPortSessionType 1 enum, voipCall1PacketPeriod 2,
  voipCall2PacketPeriod 2, voipCall1DestAddr 25 text, voipCall2DestAddr 25 text, voipLineState 1 enum, emergencyCallStatus 1 bool
142 VoIP media profile, 9.9.5
  faxMode 1 enum wc, voiceServiceProfilePointer 2 ptr wc, codecSelection1 1 enum wc, packetPeriodSelection1 1 wc,
  silenceSuppression1 1 bool wc, codecSelection2 1 enum wc, packetPeriodSelection2 1 wc, silenceSuppression2 1 bool wc,
  codecSelection3 1 enum wc, packetPeriodSelection3 1 wc, silenceSuppression3 1 bool wc, codecSelection4 1 enum wc,
  packetPeriodSelection4 1 wc, silenceSuppression4 1 bool wc, oobDtmf 1 bool wc, rtpProfilePointer 2 ptr wc
143 RTP profile data, 9.9.7
  localPortMin 2 wc, localPortMax 2 wc, dscpMark 1 bits wc, piggybackEvents 1 enum wc, toneEvents 1 enum wc, dtmfEvents 1 enum wc,
  casEvents 1 enum wc, ipHostConfigPointer 2 ptr w
144 RTP PM history data, 9.9.13
  intervalEndTime 1, thresholdData12Id 2 ptr wc, rtpErrors 4, packetLoss 4, maximumJitter 4, maximumTimeBetweenRtcpPackets 4,
  bufferUnderflows 4, bufferOverflows 4
145 Network dial plan table, 9.9.10
  dialPlanNumber 2, dialPlanTableMaxSize 2 c, criticalDialTimeout 2 wc, partialDialTimeout 2 wc, dialPlanFormat 1 enum wc,
  dialPlanTable 30 table w
146 VoIP application service profile, 9.9.8
  cidFeatures 1 bits wc, callWaitingFeatures 1 bits wc, callProgressOrTransferFeatures 2 bits wc,
  callPresentationFeatures 2 bits wc, directConnectFeature 1 bits wc, directConnectUriPointer 2 ptr wc,
  bridgedLineAgentUriPointer 2 ptr wc, conferenceFactoryUriPointer 2 ptr wc, dialToneFeatureDelay 2 w, ipHostPointer 2 ptr w
147 VoIP feature access codes, 9.9.9
  cancelCallWaiting 5 text w, callHold 5 text w, callPark 5 text w, callerIdActivate 5 text w, callerIdDeactivate 5 text w,
  doNotDisturbActivation 5 text w, doNotDisturbDeactivation 5 text w, doNotDisturbPinChange 5 text w,
  emergencyServiceNumber 5 text w, intercomService 5 text w, unattendedBlindCallTransfer 5 text w, attendedCallTransfer 5 text w
149 SIP config portal, 9.9.19
  configurationTextTable 25 table
150 SIP agent config data, 9.9.3
  proxyServerAddressPointer 2 ptr wc, outboundProxyAddressPointer 2 ptr wc, primarySipDns 4 ip wc, secondarySipDns 4 ip wc,
  tcpUdpPointer 2 ptr w, sipRegExpTime 4 w, sipReregHeadStartTime 4 w, hostPartUri 2 ptr wc, sipStatus 1 enum,
  sipRegistrar 2 ptr wc, softswitch 4 text wc, sipResponseTable 5 table w, sipOptionTransmitControl 1 bool wc,
  sipUriFormat 1 enum wc, redundantSipAgentPointer 2 ptr wc
151 SIP agent PM history data, 9.9.14
  intervalEndTime 1, thresholdData12Id 2 ptr wc, transactions 4, rxInviteReqs 4, rxInviteRetrans 4, rxNoninviteReqs 4,
  rxNoninviteRetrans 4, rxResponse 4, rxResponseRetransmissions 4, txInviteReqs 4, txInviteRetrans 4, txNoninviteReqs 4,
  txNoninviteRetrans 4, txResponse 4, txResponseRetransmissions 4
152 SIP call initiation PM history data, 9.9.15
  intervalEndTime 1, thresholdData12Id 2 ptr wc, failedToConnectCounter 4, failedToValidateCounter 4, timeoutCounter 4,
  failureReceivedCounter 4, failedToAuthenticateCounter 4
153 SIP user data, 9.9.2
  sipAgentPointer 2 ptr wc, userPartAor 2 ptr wc, sipDisplayName 25 text w, usernamePassword 2 ptr wc,
  voicemailServerSipUri 2 ptr wc, voicemailSubscriptionExpirationTime 4 wc, networkDialPlanPointer 2 ptr wc,
  applicationServicesProfilePointer 2 ptr wc, featureCodePointer 2 ptr wc, pptpPointer 2 ptr wc, releaseTimer 1 w, rohTimer 1 w
154 MGC config portal, 9.9.20
  configurationTextTable 25 table
155 MGC config data, 9.9.16
  primaryMgc 2 ptr wc, secondaryMgc 2 ptr wc, tcpUdpPointer 2 ptr wc, version 1 wc, messageFormat 1 enum wc, maximumRetryTime 2 w,
  maximumRetryAttempts 2 wc, serviceChangeDelay 2 w, terminationIdBase 25 text w, softswitch 4 text wc, messageIdPointer 2 ptr wc
156 MGC PM history data, 9.9.17
  intervalEndTime 1, thresholdData12Id 2 ptr wc, receivedMessages 4, receivedOctets 4, sentMessages 4, sentOctets 4,
  protocolErrors 4, transportLosses 4, lastDetectedEvent 1 enum, lastDetectedEventTime 4, lastDetectedResetTime 4
`;
