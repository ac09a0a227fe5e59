/** Classes of equipment management and of the ANI, G.988 9.1, 9.2 and 9.16; how to read them is in `parse.ts`. */

export const EQUIPMENT_CLASSES = `
5 Cardholder, 9.1.5
  actualPlugInUnitType 1 enum, expectedPlugInUnitType 1 enum w, expectedPortCount 1 w, expectedEquipmentId 20 text w,
  actualEquipmentId 20 text, protectionProfilePointer 1, invokeProtectionSwitch 1 enum w, arc 1 w, arcInterval 1 w
6 Circuit pack, 9.1.6
  type 1 enum c, numberOfPorts 1, serialNumber 8 serial, version 14 text, vendorId 4 text, administrativeState 1 state w,
  operationalState 1 oper, bridgedOrIpInd 1 enum w, equipmentId 20 text, cardConfiguration 1 enum wc,
  totalTContBufferNumber 1, totalPriorityQueueNumber 1, totalTrafficSchedulerNumber 1, powerShedOverride 4 bits w
133 ONU power shedding, 9.1.7
  restorePowerTimerResetInterval 2 w, dataClassSheddingInterval 2 w, voiceClassSheddingInterval 2 w,
  videoOverlayClassSheddingInterval 2 w, videoReturnClassSheddingInterval 2 w, dslClassSheddingInterval 2 w,
  atmClassSheddingInterval 2 w, cesClassSheddingInterval 2 w, frameClassSheddingInterval 2 w,
  sdhSonetClassSheddingInterval 2 w, sheddingStatus 2 bits
158 ONU remote debug, 9.1.12
  commandFormat 1 enum, command 25 text w, replyTable 1 table
159 Equipment protection profile, 9.1.11
  protectSlot1 1 wc, protectSlot2 1 wc, workingSlot1 1 wc, workingSlot2 1 wc, workingSlot3 1 wc, workingSlot4 1 wc,
  workingSlot5 1 wc, workingSlot6 1 wc, workingSlot7 1 wc, workingSlot8 1 wc, protectStatus1 1 enum, protectStatus2 1 enum,
  revertiveInd 1 wc, waitToRestoreTime 1 wc
160 Equipment extension package, 9.1.9
  environmentalSense 2 bits w, contactClosureOutput 2 bits w
297 Port-mapping package, 9.1.8
  maxPorts 1, portList1 16 bytes, portList2 16 bytes, portList3 16 bytes, portList4 16 bytes, portList5 16 bytes,
  portList6 16 bytes, portList7 16 bytes, portList8 16 bytes
331 ONU-E, 9.1.13
  vendorId 4 text, version 14 text, serialNumber 8 serial
336 ONU dynamic power management control, 9.1.14
  powerReductionManagementCapability 1 bits, powerReductionManagementMode 1 bits w, itransinit 2, itxinit 2,
  maximumSleepInterval 4 w, maximumReceiverOffInterval 4 w, minimumAwareInterval 4 w, minimumActiveHeldInterval 2 w,
  maximumSleepIntervalExtension 8 bytes w, eponCapabilityExtension 1 bits,
  eponSetupExtension 1 bits w, missingConsecutiveBurstsThreshold 4 w
441 ONU3-G, 9.1.15
  flashMemoryPerformanceValue 1, latestRestartReason 1 enum, totalNumberOfStatusSnapshots 2,
  numberOfValidStatusSnapshots 2, nextStatusSnapshotIndex 2, statusSnapshotRecordTable 1 table,
  snapAction 1 w, mostRecentStatusSnapshot 1 table, resetAction 1 w, enhancedMode 1
456 ONU manufacturing data, 9.1.16
  manufacturerName 25 text, serialNumberPart1 25 text, serialNumberPart2 25 text, modelName 25 text,
  manufacturingDateAndTime 25 text
`;

export const ANI_CLASSES = `
262 T-CONT, 9.2.2
  allocId 2 w, deprecated 1, policy 1 enum w
263 ANI-G, 9.2.1
  srIndication 1 bool, totalTContNumber 2, gemBlockLength 2 w, piggybackDbaReporting 1 enum, deprecated 1, signalFailThreshold 1 w,
  signalDegradeThreshold 1 w, arc 1 w, arcInterval 1 w, opticalSignalLevel 2 dbm, lowerOpticalThreshold 1 w, upperOpticalThreshold 1 w,
  onuResponseTime 2, transmitOpticalLevel 2 dbm, lowerTransmitPowerThreshold 1 int w, upperTransmitPowerThreshold 1 int w
266 GEM interworking termination point, 9.2.4
  gemPortNetworkCtpConnectivityPointer 2 ptr wc, interworkingOption 1 enum wc, serviceProfilePointer 2 ptr wc,
  interworkingTerminationPointPointer 2 ptr wc, pptpCounter 1, operationalState 1 oper, galProfilePointer 2 ptr wc,
  galLoopbackConfiguration 1 enum w
268 GEM port network CTP, 9.2.3
  portId 2 wc, tContPointer 2 ptr wc, direction 1 enum wc, trafficManagementPointerForUpstream 2 ptr wc,
  trafficDescriptorProfilePointerForUpstream 2 ptr wc, uniCounter 1, priorityQueuePointerForDownstream 2 ptr wc,
  encryptionState 1 enum, trafficDescriptorProfilePointerForDownstream 2 ptr wc, encryptionKeyRing 1 enum wc
272 GAL Ethernet profile, 9.2.7
  maximumGemPayloadSize 2 wc
276 GAL Ethernet PM history data, 9.2.8
  intervalEndTime 1, thresholdData12Id 2 ptr wc, discardedFrames 4
277 Priority queue, 9.2.10
  queueConfigurationOption 1 enum, maximumQueueSize 2, allocatedQueueSize 2 w, discardBlockCounterResetInterval 2 w,
  thresholdValueForDiscardedBlocksDueToBufferOverflow 2 w, relatedPort 4 bits w, trafficSchedulerPointer 2 ptr w, weight 1 w,
  backPressureOperation 2 enum w, backPressureTime 4 w, backPressureOccurQueueThreshold 2 w,
  backPressureClearQueueThreshold 2 w, packetDropQueueThresholds 8 bytes w, packetDropMaxP 2 bits w, queueDropWQ 1 w,
  dropPrecedenceColourMarking 1 enum w
278 Traffic scheduler, 9.2.11
  tContPointer 2 ptr w, trafficSchedulerPointer 2 ptr, policy 1 enum w, priorityWeight 1 w
280 Traffic descriptor, 9.2.12
  cir 4 wc, pir 4 wc, cbs 4 wc, pbs 4 wc, colourMode 1 enum wc, ingressColourMarking 1 enum wc, egressColourMarking 1 enum wc,
  meterType 1 enum c
281 Multicast GEM interworking termination point, 9.2.5
  gemPortNetworkCtpConnectivityPointer 2 ptr wc, interworkingOption 1 enum wc, serviceProfilePointer 2 ptr wc, notUsed1 2 wc,
  pptpCounter 1, operationalState 1 oper, galProfilePointer 2 ptr wc, notUsed2 1 wc, ipv4MulticastAddressTable 12 table w,
  ipv6MulticastAddressTable 24 table w
312 FEC PM history data, 9.2.9
  intervalEndTime 1, thresholdData12Id 2 ptr wc, correctedBytes 4, correctedCodeWords 4, uncorrectableCodeWords 4,
  totalCodeWords 4, fecSeconds 2
341 GEM port network CTP PM history data, 9.2.13
  intervalEndTime 1, thresholdData12Id 2 ptr wc, transmittedGemFrames 4, receivedGemFrames 4, receivedPayloadBytes 8,
  transmittedPayloadBytes 8, encryptionKeyErrors 4
343 Energy consumption PM history data, 9.2.14
  intervalEndTime 1, thresholdData12Id 2 ptr wc, dozeTime 4, cyclicSleepTime 4, watchfulSleepTime 4, energyConsumed 4
344 XG-PON TC PM history data, 9.2.15
  intervalEndTime 1, thresholdData12Id 2 ptr wc, psbdHecErrorCount 4, xgtcHecErrorCount 4, unknownProfileCount 4,
  transmittedXgemFrames 4, fragmentXgemFrames 4, xgemHecLostWordsCount 4, xgemKeyErrors 4, xgemHecErrorCount 4,
  transmittedBytesInNonIdleXgemFrames 8, receivedBytesInNonIdleXgemFrames 8, lodsEventCount 4, lodsEventRestoredCount 4,
  onuReactivationByLodsEvents 4
345 XG-PON downstream management PM history data, 9.2.16
  intervalEndTime 1, thresholdData12Id 2 ptr wc, ploamMicErrorCount 4, downstreamPloamMessagesCount 4, profileMessagesReceived 4,
  rangingTimeMessagesReceived 4, deactivateOnuIdMessagesReceived 4, disableSerialNumberMessagesReceived 4,
  requestRegistrationMessagesReceived 4, assignAllocIdMessagesReceived 4, keyControlMessagesReceived 4,
  sleepAllowMessagesReceived 4, baselineOmciMessagesReceivedCount 4, extendedOmciMessagesReceivedCount 4,
  assignOnuIdMessagesReceived 4, omciMicErrorCount 4
346 XG-PON upstream management PM history data, 9.2.17
  intervalEndTime 1, thresholdData12Id 2 ptr wc, upstreamPloamMessageCount 4, serialNumberOnuMessageCount 4,
  registrationMessageCount 4, keyReportMessageCount 4, acknowledgeMessageCount 4, sleepRequestMessageCount 4
453 Enhanced FEC PM history data, 9.2.22
  intervalEndTime 1, thresholdData64BitId 2 ptr wc, correctedBytes 8, correctedCodeWords 8, uncorrectableCodeWords 8,
  totalCodeWords 8, fecSeconds 2
454 Enhanced TC PM history data, 9.2.23
  intervalEndTime 1, thresholdData64BitId 2 ptr wc, psbdHecErrorCount 4, xgtcHecErrorCount 4, unknownProfileCount 4,
  transmittedXgemFrames 8, fragmentXgemFrames 8, xgemHecLostWordsCount 8, xgemKeyErrors 8, xgemHecErrorCount 8,
  transmittedBytesInNonIdleXgemFrames 8, receivedBytesInNonIdleXgemFrames 8, lodsEventCount 4, lodsEventRestoredCount 4,
  onuReactivationByLodsEvents 4
`;
