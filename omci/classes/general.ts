/** Classes that serve others, and those of TWDM channels, G.988 9.12 and 9.16; how to read them is in `parse.ts`. */

export const GENERAL_CLASSES = `
131 OLT-G, 9.12.2
  oltVendorId 4 text w, equipmentId 20 text w, version 14 text w, timeOfDayInformation 14 bytes w
137 Network address, 9.12.3
  securityPointer 2 ptr wc, addressPointer 2 ptr wc
148 Authentication security method, 9.12.4
  validationScheme 1 enum w, username1 25 text w, password 25 text w, realm 25 text w, username2 25 text w
157 Large string, 9.12.5
  numberOfParts 1 w, part1 25 text w, part2 25 text w, part3 25 text w, part4 25 text w, part5 25 text w, part6 25 text w,
  part7 25 text w, part8 25 text w, part9 25 text w, part10 25 text w, part11 25 text w, part12 25 text w, part13 25 text w,
  part14 25 text w, part15 25 text w
264 UNI-G, 9.12.1
  deprecated 2 w, administrativeState 1 state w, managementCapability 1 enum, nonOmciManagementIdentifier 2 w,
  relayAgentOptions 2 ptr w
273 Threshold data 1, 9.12.6
  thresholdValue1 4 wc, thresholdValue2 4 wc, thresholdValue3 4 wc, thresholdValue4 4 wc, thresholdValue5 4 wc,
  thresholdValue6 4 wc, thresholdValue7 4 wc
274 Threshold data 2, 9.12.7
  thresholdValue8 4 wc, thresholdValue9 4 wc, thresholdValue10 4 wc, thresholdValue11 4 wc, thresholdValue12 4 wc,
  thresholdValue13 4 wc, thresholdValue14 4 wc
287 OMCI, 9.12.8
  meTypeTable 2 table, messageTypeTable 1 table
288 Managed entity, 9.12.9
  name 25 text, attributesTable 2 table, access 1 enum, alarmsTable 1 table, avcsTable 1 table, actions 4 bits,
  instancesTable 2 table, support 1 enum
289 Attribute, 9.12.10
  name 25 text, size 2, access 1 enum, format 1 enum, lowerLimit 4, upperLimit 4, bitField 4 bits, codePointsTable 2 table,
  support 1 enum
307 Octet string, 9.12.11
  length 2 w, part1 25 bytes w, part2 25 bytes w, part3 25 bytes w, part4 25 bytes w, part5 25 bytes w, part6 25 bytes w,
  part7 25 bytes w, part8 25 bytes w, part9 25 bytes w, part10 25 bytes w, part11 25 bytes w, part12 25 bytes w,
  part13 25 bytes w, part14 25 bytes w, part15 25 bytes w
308 General purpose buffer, 9.12.12
  maximumSize 4 c, bufferTable 1 table
335 SNMP configuration data, 9.12
  snmpVersion 2 enum wc, snmpAgentAddress 2 ptr wc, snmpServerAddress 4 ip wc, snmpServerPort 2 wc, securityNamePointer 2 ptr wc,
  communityForRead 2 ptr wc, communityForWrite 2 ptr wc, sysNamePointer 2 ptr wc
340 BBF TR-069 management server, 9.12
  administrativeState 1 state w, acsNetworkAddress 2 ptr w, associatedTag 2 bits w
440 Time status message, 9.12
  domainNumber 1 w, flagField 1 bits w, currentUtcOffset 2 int w, priority1 1 w, clockClass 1 w, accuracy 1 w,
  offsetScaledLogVariance 2 w, priority2 1 w
`;

export const TWDM_CLASSES = `
443 TWDM channel, 9.16.1
  activeChannelIndication 1 bool, operationalChannelIndication 1 bool, downstreamWavelengthChannel 1, upstreamWavelengthChannel 1
444 TWDM channel PHY/LODS PM history data, 9.16.2
  intervalEndTime 1, thresholdData12Id 2 ptr wc, wordsProtectedByBip32 8, bip32BitErrorCount 4,
  correctedPsbdHecErrorCount 4, uncorrectablePsbdHecErrorCount 4, correctedDownstreamFsHeaderHecErrorCount 4,
  uncorrectableDownstreamFsHeaderHecErrorCount 4, lodsEvents 4, lodsEventsRestoredInOperatingChannel 4,
  lodsEventsRestoredInProtectionChannel 4, lodsEventsRestoredInDiscretionaryChannel 4, lodsEventsResultingInReactivation 4,
  lodsEventsResultingInReactivationAfterRetuningToProtectionChannel 4,
  lodsEventsResultingInReactivationAfterRetuningToDiscretionaryChannel 4
445 TWDM channel XGEM PM history data, 9.16.3
  intervalEndTime 1, thresholdData64BitId 2 ptr wc, transmittedXgemFrames 8, transmittedXgemFramesWithLfBitNotSet 8,
  receivedXgemFrames 8, receivedXgemFramesWithXgemHeaderHecErrors 8, fsWordsLostToXgemHeaderHecErrors 8,
  xgemEncryptionKeyErrors 8, transmittedBytesInNonIdleXgemFrames 8, receivedBytesInNonIdleXgemFrames 8
446 TWDM channel PLOAM PM history data part 1, 9.16.4
  intervalEndTime 1, thresholdData12Id 2 ptr wc, ploamMicErrors 4, downstreamPloamMessageCount 4, rangingTimeMessageCount 4,
  protectionControlMessageCount 4, adjustTxWavelengthMessageCount 4, adjustTxWavelengthAdjustmentAmplitude 4
447 TWDM channel PLOAM PM history data part 2, 9.16.5
  intervalEndTime 1, thresholdData12Id 2 ptr wc, systemProfileMessageCount 4, channelProfileMessageCount 4,
  burstProfileMessageCount 4, assignOnuIdMessageCount 4, unsatisfiedAdjustTxWavelengthRequests 4, deactivateOnuIdMessageCount 4,
  disableSerialNumberMessageCount 4, requestRegistrationMessageCount 4, assignAllocIdMessageCount 4, keyControlMessageCount 4,
  sleepAllowMessageCount 4, tuningControlRequestMessageCount 4, tuningControlCompleteDMessageCount 4,
  calibrationRequestMessageCount 4
448 TWDM channel PLOAM PM history data part 3, 9.16.6
  intervalEndTime 1, thresholdData12Id 2 ptr wc, upstreamPloamMessageCount 4, serialNumberOnuInBandMessageCount 4,
  serialNumberOnuAmccMessageCount 4, registrationMessageCount 4, keyReportMessageCount 4, acknowledgementMessageCount 4,
  sleepRequestMessageCount 4, tuningResponseAckNackMessageCount 4, tuningResponseCompleteURollbackMessageCount 4,
  powerConsumptionReportMessageCount 4, changePowerLevelParameterErrorCount 4
452 TWDM channel OMCI PM history data, 9.16.10
  intervalEndTime 1, thresholdData12Id 2 ptr wc, omciBaselineMessageCount 4, omciExtendedMessageCount 4, omciMicErrorCount 4
`;
