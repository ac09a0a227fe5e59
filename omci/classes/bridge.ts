/** Classes of layer 2, G.988 9.3: bridges, VLANs, multicast, OAM; how to read them is in `parse.ts`. */

export const BRIDGE_CLASSES = `
45 MAC bridge service profile, 9.3.1
  spanningTreeInd 1 bool wc, learningInd 1 bool wc, portBridgingInd 1 bool wc, priority 2 wc, maxAge 2 wc, helloTime 2 wc,
  forwardDelay 2 wc, unknownMacAddressDiscard 1 bool wc, macLearningDepth 1 wc, dynamicFilteringAgeingTime 4 wc
46 MAC bridge configuration data, 9.3.2
  bridgeMacAddress 6 mac, bridgePriority 2, designatedRoot 8 bytes, rootPathCost 4, bridgePortCount 1, rootPortNum 2,
  helloTime 2, forwardDelay 2
47 MAC bridge port configuration data, 9.3.4
  bridgeIdPointer 2 ptr wc, portNum 1 wc, tpType 1 enum wc, tpPointer 2 ptr wc, portPriority 2 wc, portPathCost 2 wc,
  portSpanningTreeInd 1 bool wc, deprecated1 1 wc, deprecated2 1 wc, portMacAddress 6 mac, outboundTdPointer 2 ptr w,
  inboundTdPointer 2 ptr w, macLearningDepth 1 wc
48 MAC bridge port designation data, 9.3.5
  designatedBridgeRootCostPort 24 bytes, portState 1 enum
49 MAC bridge port filter table data, 9.3.6
  macFilterTable 8 table w
50 MAC bridge port bridge table data, 9.3.8
  bridgeTable 8 table
51 MAC bridge PM history data, 9.3.3
  intervalEndTime 1, thresholdData12Id 2 ptr wc, bridgeLearningEntryDiscardCount 4
52 MAC bridge port PM history data, 9.3.9
  intervalEndTime 1, thresholdData12Id 2 ptr wc, forwardedFrameCounter 4, delayExceededDiscardCounter 4,
  mtuExceededDiscardCounter 4, receivedFrameCounter 4, receivedAndDiscardedCounter 4
78 VLAN tagging operation configuration data, 9.3.12
  upstreamVlanTaggingOperationMode 1 enum wc, upstreamVlanTagTciValue 2 bits wc, downstreamVlanTaggingOperationMode 1 enum wc,
  associationType 1 enum wc, associatedMePointer 2 ptr wc
79 MAC bridge port filter preassign table, 9.3.7
  ipv4MulticastFiltering 1 w, ipv6MulticastFiltering 1 w, ipv4BroadcastFiltering 1 w, rarpFiltering 1 w, ipxFiltering 1 w,
  netbeuiFiltering 1 w, appletalkFiltering 1 w, bridgeManagementInformationFiltering 1 w, arpFiltering 1 w,
  pppoeBroadcastFiltering 1 w
84 VLAN tagging filter data, 9.3.11
  vlanFilterList 24 bytes wc, forwardOperation 1 enum wc, numberOfEntries 1 wc
130 IEEE 802.1p mapper service profile, 9.3.10
  tpPointer 2 ptr wc, interworkTpPointerForPBitPriority0 2 ptr wc, interworkTpPointerForPBitPriority1 2 ptr wc,
  interworkTpPointerForPBitPriority2 2 ptr wc, interworkTpPointerForPBitPriority3 2 ptr wc,
  interworkTpPointerForPBitPriority4 2 ptr wc, interworkTpPointerForPBitPriority5 2 ptr wc,
  interworkTpPointerForPBitPriority6 2 ptr wc, interworkTpPointerForPBitPriority7 2 ptr wc, unmarkedFrameOption 1 enum wc,
  dscpToPBitMapping 24 bytes w, defaultPBitAssumption 1 wc, tpType 1 enum wc
171 Extended VLAN tagging operation configuration data, 9.3.13
  associationType 1 enum wc, receivedFrameVlanTaggingOperationTableMaxSize 2, inputTpid 2 bits w, outputTpid 2 bits w,
  downstreamMode 1 enum w, receivedFrameVlanTaggingOperationTable 16 table w, associatedMePointer 2 ptr wc,
  dscpToPBitMapping 24 bytes w, enhancedMode 1 bool c, enhancedReceivedFrameClassificationAndProcessingTable 28 table w
290 Dot1X port extension package, 9.3.14
  dot1xEnable 1 bool w, actionRegister 1 w, authenticatorPaeState 1 enum, backendAuthenticationState 1 enum,
  adminControlledDirections 1 enum w, operationalControlledDirections 1 enum, authenticatorControlledPortStatus 1 enum,
  quietPeriod 2 w, serverTimeoutPeriod 2 w, reauthenticationPeriod 2, reauthenticationEnabled 1 bool,
  keyTransmissionEnabled 1 bool w
291 Dot1X configuration profile, 9.3.15
  circuitIdPrefix 2 ptr w, fallbackPolicy 1 enum w, authServer1 2 ptr w, sharedSecretAuth1 25 text w, authServer2 2 ptr w,
  sharedSecretAuth2 25 text w, authServer3 2 ptr w, sharedSecretAuth3 25 text w, oltProxyAddress 4 ip w,
  callingStationIdFormat 2 ptr w
292 Dot1X PM history data, 9.3.16
  intervalEndTime 1, thresholdData12Id 2 ptr wc, eapolFramesReceived 4, eapolFramesTransmitted 4, eapolStartFramesReceived 4,
  eapolLogoffFramesReceived 4, invalidEapolFramesReceived 4, eapRespIdFramesReceived 4, eapResponseFramesReceived 4,
  eapInitialRequestFramesTransmitted 4, eapRequestFramesTransmitted 4, eapLengthErrorFramesReceived 4,
  eapSuccessFramesGeneratedAutonomously 4, eapFailureFramesGeneratedAutonomously 4
293 Radius PM history data, 9.3.17
  intervalEndTime 1, thresholdData12Id 2 ptr wc, accessRequestPacketsTransmitted 4,
  accessRequestRetransmissionCount 4, accessChallengePacketsReceived 4, accessAcceptPacketsReceived 4,
  accessRejectPacketsReceived 4, invalidRadiusPacketsReceived 4
298 Dot1 rate limiter, 9.3.18
  parentMePointer 2 ptr wc, tpType 1 enum wc, upstreamUnicastFloodRatePointer 2 ptr wc, upstreamBroadcastRatePointer 2 ptr wc,
  upstreamMulticastPayloadRatePointer 2 ptr wc
299 Dot1ag maintenance domain, 9.3.19
  mdLevel 1 wc, mdNameFormat 1 enum wc, mdName1 25 text w, mdName2 25 text w, mhfCreation 1 enum wc,
  senderIdPermission 1 enum wc
300 Dot1ag maintenance association, 9.3.20
  mdPointer 2 ptr wc, shortMaNameFormat 1 enum wc, shortMaName1 25 text w, shortMaName2 25 text w,
  continuityCheckMessageInterval 1 enum wc, associatedVlans 24 bytes w, mhfCreation 1 enum wc
301 Dot1ag default MD level, 9.3.21
  layer2Type 1 enum, catchAllLevel 1 w, catchAllMhfCreation 1 enum w, catchAllSenderIdPermission 1 enum w,
  defaultMdLevelTable 29 table w
302 Dot1ag MEP, 9.3.22
  layer2EntityPointer 2 ptr wc, layer2Type 1 enum wc, maPointer 2 ptr wc, mepId 2 wc, mepControl 1 bits wc, primaryVlan 2 wc,
  administrativeState 1 state wc, ccmAndLtmPriority 1 wc, egressIdentifier 8 bytes wc, peerMepIds 24 bytes w,
  ethAisControl 1 bits wc, faultAlarmThreshold 1 enum wc, alarmDeclarationSoakTime 2 w, alarmClearSoakTime 2 w
303 Dot1ag MEP status, 9.3.23
  mepMacAddress 6 mac, faultNotificationGeneratorState 1 enum, highestPriorityDefectObserved 1 enum, currentDefects 1 bits,
  lastReceivedErroredCcmTable 128 table, lastReceivedXconCcmTable 128 table, outOfSequenceCcmCount 4, ccmTransmittedCount 4,
  unexpectedLtrsCount 4, lbrsTransmittedCount 4, nextLoopbackTransactionIdentifier 4, nextLinkTraceTransactionIdentifier 4
305 Dot1ag CFM stack, 9.3.26
  layer2Type 1 enum, mpStatusTable 18 table, configurationErrorListTable 5 table
306 Dot1ag chassis-management info, 9.3.25
  chassisIdLength 1 w, chassisIdSubtype 1 enum w, chassisIdPart1 25 text w, chassisIdPart2 25 text w,
  managementAddressDomainLength 1 w, managementAddressDomain1 25 bytes w, managementAddressDomain2 25 bytes w,
  managementAddressLength 1 w, managementAddress1 25 bytes w, managementAddress2 25 bytes w
309 Multicast operations profile, 9.3.27
  igmpVersion 1 enum wc, igmpFunction 1 enum wc, immediateLeave 1 bool wc, upstreamIgmpTci 2 bits wc,
  upstreamIgmpTagControl 1 enum wc, upstreamIgmpRate 4 wc, dynamicAccessControlListTable 24 table w,
  staticAccessControlListTable 24 table w, lostGroupsListTable 10 table, robustness 1 wc, querierIpAddress 4 ip wc,
  queryInterval 4 wc, queryMaxResponseTime 4 wc, lastMemberQueryInterval 4 w, unauthorizedJoinRequestBehaviour 1 bool w,
  downstreamIgmpAndMulticastTci 3 bytes wc
310 Multicast subscriber config info, 9.3.28
  meType 1 enum wc, multicastOperationsProfilePointer 2 ptr wc, maxSimultaneousGroups 2 wc, maxMulticastBandwidth 4 wc,
  bandwidthEnforcement 1 bool wc, multicastServicePackageTable 20 table w, allowedPreviewGroupsTable 22 table w
311 Multicast subscriber monitor, 9.3.29
  meType 1 enum wc, currentMulticastBandwidth 4, joinMessagesCounter 4, bandwidthExceededCounter 4,
  ipv4ActiveGroupListTable 24 table, ipv6ActiveGroupListTable 58 table
321 Ethernet frame PM history data downstream, 9.3.31
  intervalEndTime 1, thresholdData12Id 2 ptr wc, dropEvents 4, octets 4, packets 4, broadcastPackets 4, multicastPackets 4,
  crcErroredPackets 4, undersizePackets 4, oversizePackets 4, packets64Octets 4, packets65To127Octets 4,
  packets128To255Octets 4, packets256To511Octets 4, packets512To1023Octets 4, packets1024To1518Octets 4
322 Ethernet frame PM history data upstream, 9.3.30
  intervalEndTime 1, thresholdData12Id 2 ptr wc, dropEvents 4, octets 4, packets 4, broadcastPackets 4, multicastPackets 4,
  crcErroredPackets 4, undersizePackets 4, oversizePackets 4, packets64Octets 4, packets65To127Octets 4,
  packets128To255Octets 4, packets256To511Octets 4, packets512To1023Octets 4, packets1024To1518Octets 4
334 Ethernet frame extended PM, 9.3.32
  intervalEndTime 1, controlBlock 16 bytes wc, dropEvents 4, octets 4, frames 4, broadcastFrames 4, multicastFrames 4,
  crcErroredFrames 4, undersizeFrames 4, oversizeFrames 4, frames64Octets 4, frames65To127Octets 4, frames128To255Octets 4,
  frames256To511Octets 4, frames512To1023Octets 4, frames1024To1518Octets 4
348 MAC bridge port ICMPv6 process preassign table, 9.3.33
  icmpv6ErrorMessagesProcessing 1 enum w, icmpv6InformationalMessagesProcessing 1 enum w, routerSolicitationProcessing 1 enum w,
  routerAdvertisementProcessing 1 enum w, neighbourSolicitationProcessing 1 enum w,
  neighbourAdvertisementProcessing 1 enum w, redirectProcessing 1 enum w, multicastListenerQueryProcessing 1 enum w,
  unknownIcmpv6Processing 1 enum w
425 Ethernet frame extended PM 64-bit, 9.3.34
  intervalEndTime 1, controlBlock 16 bytes wc, dropEvents 8, octets 8, frames 8, broadcastFrames 8, multicastFrames 8,
  crcErroredFrames 8, undersizeFrames 8, oversizeFrames 8, frames64Octets 8, frames65To127Octets 8, frames128To255Octets 8,
  frames256To511Octets 8, frames512To1023Octets 8, frames1024To1518Octets 8
`;
