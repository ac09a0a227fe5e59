-- OMCI software download (ITU-T G.988) for Wireshark and tshark.
--
-- Frames as poncast captures them: Ethernet with EtherType 0x88B5, port and ONU-ID in the addresses. In captures of others
-- the direction is the frame's own, and the ONU is not known. Both message sets; sections that ask for no answer are
-- requests like the others; the multicast extension (instance 0xFFFF, parity sections, recovery ME) is marked as such.

local omci = Proto("omcisw", "OMCI software download")

-- Made by `npm run docs` from the layouts in omci/: from here …
local HEADER_BYTES, EXTENDED_HEADER_BYTES, TRAILER_BYTES = 8, 10, 4
local BASELINE_CONTENTS_BYTES, BASELINE_PDU_BYTES = 32, 44
local DEVICE_EXTENDED = 11
local RECOVERY = 65280
local message_types = {
  [4] = "Create",
  [6] = "Delete",
  [8] = "Set",
  [9] = "Get",
  [11] = "Get all alarms",
  [12] = "Get all alarms next",
  [13] = "MIB upload",
  [14] = "MIB upload next",
  [15] = "MIB reset",
  [16] = "Alarm",
  [17] = "Attribute value change",
  [18] = "Test",
  [19] = "Start software download",
  [20] = "Download section",
  [21] = "End software download",
  [22] = "Activate image",
  [23] = "Commit image",
  [24] = "Synchronize time",
  [25] = "Reboot",
  [26] = "Get next",
  [27] = "Test result",
  [28] = "Get current data",
  [29] = "Set table",
}
local notifications = { [16] = true, [17] = true, [27] = true }
local message_sets = { [10] = "baseline", [11] = "extended" }
local classes = {
  [2] = "ONU data",
  [7] = "Software image",
  [256] = "ONU-G",
  [257] = "ONU2-G",
  [65280] = "Recovery (extension)",
}
local results = {
  [0] = "ok",
  [1] = "processing error",
  [2] = "not supported",
  [3] = "parameter error",
  [4] = "unknown ME class",
  [5] = "unknown ME instance",
  [6] = "device busy",
  [7] = "instance exists",
  [9] = "attribute(s) failed or unknown",
}
-- Contents by message type, with 32 (AK) added for answers.
local layouts = {
  [8] = {
    name = "setRequest",
    baseline = {
      { name = "attributeMask", kind = "uint", bytes = 2 },
      { name = "values", kind = "rest", baseline_bytes = 30, attributes = true },
    },
    extended = {
      { name = "attributeMask", kind = "uint", bytes = 2 },
      { name = "values", kind = "rest", baseline_bytes = 30, attributes = true },
    },
  },
  [40] = {
    name = "setResponse",
    baseline = {
      { name = "result", kind = "uint", bytes = 1 },
      { name = "optionalAttributeMask", kind = "uint", bytes = 2 },
      { name = "attributeExecutionMask", kind = "uint", bytes = 2 },
    },
    extended = {
      { name = "result", kind = "uint", bytes = 1 },
      { name = "optionalAttributeMask", kind = "uint", bytes = 2 },
      { name = "attributeExecutionMask", kind = "uint", bytes = 2 },
    },
  },
  [9] = {
    name = "getRequest",
    baseline = {
      { name = "attributeMask", kind = "uint", bytes = 2 },
    },
    extended = {
      { name = "attributeMask", kind = "uint", bytes = 2 },
    },
  },
  [41] = {
    name = "getResponse",
    baseline = {
      { name = "result", kind = "uint", bytes = 1 },
      { name = "attributeMask", kind = "uint", bytes = 2 },
      { name = "values", kind = "rest", baseline_bytes = 25, attributes = true },
      { name = "optionalAttributeMask", kind = "uint", bytes = 2 },
      { name = "attributeExecutionMask", kind = "uint", bytes = 2 },
    },
    extended = {
      { name = "result", kind = "uint", bytes = 1 },
      { name = "attributeMask", kind = "uint", bytes = 2 },
      { name = "optionalAttributeMask", kind = "uint", bytes = 2 },
      { name = "attributeExecutionMask", kind = "uint", bytes = 2 },
      { name = "values", kind = "rest", baseline_bytes = 25, attributes = true },
    },
  },
  [15] = {
    name = "mibResetRequest",
    baseline = {},
    extended = {},
  },
  [47] = {
    name = "mibResetResponse",
    baseline = {
      { name = "result", kind = "uint", bytes = 1 },
    },
    extended = {
      { name = "result", kind = "uint", bytes = 1 },
    },
  },
  [17] = {
    name = "avc",
    baseline = {
      { name = "attributeMask", kind = "uint", bytes = 2 },
      { name = "values", kind = "rest", baseline_bytes = 30, attributes = true },
    },
    extended = {
      { name = "attributeMask", kind = "uint", bytes = 2 },
      { name = "values", kind = "rest", baseline_bytes = 30, attributes = true },
    },
  },
  [25] = {
    name = "rebootRequest",
    baseline = {
      { name = "flags", kind = "uint", bytes = 1 },
    },
    extended = {
      { name = "flags", kind = "uint", bytes = 1 },
    },
  },
  [57] = {
    name = "rebootResponse",
    baseline = {
      { name = "result", kind = "uint", bytes = 1 },
    },
    extended = {
      { name = "result", kind = "uint", bytes = 1 },
    },
  },
  [19] = {
    name = "startDownloadRequest",
    baseline = {
      { name = "windowSections", kind = "uint", bytes = 1, bias = 1 },
      { name = "imageBytes", kind = "uint", bytes = 4 },
      { name = "instances", kind = "instances" },
    },
    extended = {
      { name = "windowSections", kind = "uint", bytes = 1, bias = 1 },
      { name = "imageBytes", kind = "uint", bytes = 4 },
      { name = "instances", kind = "instances" },
    },
  },
  [51] = {
    name = "startDownloadResponse",
    baseline = {
      { name = "result", kind = "uint", bytes = 1 },
      { name = "windowSections", kind = "uint", bytes = 1, bias = 1 },
      { name = "instanceResults", kind = "instanceResults" },
    },
    extended = {
      { name = "result", kind = "uint", bytes = 1 },
      { name = "windowSections", kind = "uint", bytes = 1, bias = 1 },
      { name = "instanceResults", kind = "instanceResults" },
    },
  },
  [20] = {
    name = "downloadSectionRequest",
    baseline = {
      { name = "sectionNumber", kind = "uint", bytes = 1 },
      { name = "data", kind = "rest", baseline_bytes = 31 },
    },
    extended = {
      { name = "sectionNumber", kind = "uint", bytes = 1 },
      { name = "data", kind = "rest", baseline_bytes = 31 },
    },
  },
  [52] = {
    name = "downloadSectionResponse",
    baseline = {
      { name = "result", kind = "uint", bytes = 1 },
      { name = "sectionNumber", kind = "uint", bytes = 1 },
      { name = "missingSections", kind = "uint", bytes = 2, extension_max = 256 },
      { name = "lostSections", kind = "uint", bytes = 2, extension_max = 256 },
    },
    extended = {
      { name = "result", kind = "uint", bytes = 1 },
      { name = "sectionNumber", kind = "uint", bytes = 1 },
      { name = "missingSections", kind = "uint", bytes = 2, extension_max = 256 },
      { name = "lostSections", kind = "uint", bytes = 2, extension_max = 256 },
    },
  },
  [21] = {
    name = "endDownloadRequest",
    baseline = {
      { name = "crc32", kind = "uint", bytes = 4 },
      { name = "imageBytes", kind = "uint", bytes = 4 },
      { name = "instances", kind = "instances" },
    },
    extended = {
      { name = "crc32", kind = "uint", bytes = 4 },
      { name = "imageBytes", kind = "uint", bytes = 4 },
      { name = "instances", kind = "instances" },
    },
  },
  [53] = {
    name = "endDownloadResponse",
    baseline = {
      { name = "result", kind = "uint", bytes = 1 },
      { name = "instanceResults", kind = "instanceResults" },
    },
    extended = {
      { name = "result", kind = "uint", bytes = 1 },
      { name = "instanceResults", kind = "instanceResults" },
    },
  },
  [22] = {
    name = "activateImageRequest",
    baseline = {
      { name = "flags", kind = "uint", bytes = 1 },
    },
    extended = {
      { name = "flags", kind = "uint", bytes = 1 },
    },
  },
  [54] = {
    name = "activateImageResponse",
    baseline = {
      { name = "result", kind = "uint", bytes = 1 },
    },
    extended = {
      { name = "result", kind = "uint", bytes = 1 },
    },
  },
  [23] = {
    name = "commitImageRequest",
    baseline = {},
    extended = {},
  },
  [55] = {
    name = "commitImageResponse",
    baseline = {
      { name = "result", kind = "uint", bytes = 1 },
    },
    extended = {
      { name = "result", kind = "uint", bytes = 1 },
    },
  },
}
-- Attributes of the MEs that software download needs, in their order (G.988 9.1.1 to 9.1.4; 65280 is the extension).
local attribute_tables = {
  [2] = {
    { field = "onu_data.mib_data_sync", label = "MIB data sync", kind = "uint", bytes = 1 },
  },
  [7] = {
    { field = "image.version", label = "Version", kind = "text", bytes = 14 },
    { field = "image.committed", label = "Is committed", kind = "uint", bytes = 1 },
    { field = "image.active", label = "Is active", kind = "uint", bytes = 1 },
    { field = "image.valid", label = "Is valid", kind = "uint", bytes = 1 },
    { field = "image.product_code", label = "Product code", kind = "text", bytes = 25 },
    { field = "image.hash", label = "Image hash", kind = "bytes", bytes = 16 },
  },
  [256] = {
    { field = "onu_g.vendor_id", label = "Vendor id", kind = "text", bytes = 4 },
    { field = "onu_g.version", label = "Version", kind = "text", bytes = 14 },
    { field = "onu_g.serial", label = "Serial number", kind = "bytes", bytes = 8 },
    { field = "onu_g.traffic_management_option", label = "Traffic management option", kind = "uint", bytes = 1 },
    { field = "onu_g.deprecated", label = "Deprecated", kind = "uint", bytes = 1 },
    { field = "onu_g.battery_backup", label = "Battery backup", kind = "uint", bytes = 1 },
    { field = "onu_g.administrative_state", label = "Administrative state", kind = "uint", bytes = 1 },
    { field = "onu_g.operational_state", label = "Operational state", kind = "uint", bytes = 1 },
    { field = "onu_g.survival_time", label = "Survival time", kind = "uint", bytes = 1 },
    { field = "onu_g.logical_onu_id", label = "Logical ONU ID", kind = "text", bytes = 24 },
    { field = "onu_g.logical_password", label = "Logical password", kind = "text", bytes = 12 },
    { field = "onu_g.credentials_status", label = "Credentials status", kind = "uint", bytes = 1 },
    { field = "onu_g.extended_tc_layer_options", label = "Extended TC-layer options", kind = "uint", bytes = 2 },
  },
  [257] = {
    { field = "onu2_g.equipment_id", label = "Equipment id", kind = "text", bytes = 20 },
    { field = "onu2_g.omcc_version", label = "OMCC version", kind = "uint", bytes = 1 },
    { field = "onu2_g.product_code", label = "Vendor product code", kind = "uint", bytes = 2 },
    { field = "onu2_g.security_capability", label = "Security capability", kind = "uint", bytes = 1 },
    { field = "onu2_g.security_mode", label = "Security mode", kind = "uint", bytes = 1 },
    { field = "onu2_g.total_priority_queues", label = "Total priority queues", kind = "uint", bytes = 2 },
    { field = "onu2_g.total_traffic_schedulers", label = "Total traffic schedulers", kind = "uint", bytes = 1 },
    { field = "onu2_g.deprecated", label = "Deprecated", kind = "uint", bytes = 1 },
    { field = "onu2_g.total_gem_ports", label = "Total GEM ports", kind = "uint", bytes = 2 },
    { field = "onu2_g.sys_up_time", label = "Sys up time", kind = "uint", bytes = 4 },
    { field = "onu2_g.connectivity_capability", label = "Connectivity capability", kind = "uint", bytes = 2 },
    { field = "onu2_g.current_connectivity_mode", label = "Current connectivity mode", kind = "uint", bytes = 1 },
    { field = "onu2_g.qos_configuration_flexibility", label = "QoS configuration flexibility", kind = "uint", bytes = 2 },
    { field = "onu2_g.priority_queue_scale_factor", label = "Priority queue scale factor", kind = "uint", bytes = 2 },
  },
  [65280] = {
    { field = "recovery.window", label = "Window, sections", kind = "uint", bytes = 2 },
    { field = "recovery.received_low", label = "Received, sections 0 to 127", kind = "bytes", bytes = 16 },
    { field = "recovery.received_high", label = "Received, sections 128 to 255", kind = "bytes", bytes = 16 },
    { field = "recovery.base", label = "First TCI of the window", kind = "uint", bytes = 2 },
    { field = "recovery.last_accepted_tci", label = "Last TCI of the last window taken in", kind = "uint", bytes = 2 },
    { field = "recovery.trial_outcome", label = "How the last trial ended", kind = "uint", bytes = 1 },
    { field = "recovery.held_image", label = "Held image", kind = "bytes", bytes = 24 },
    { field = "recovery.place", label = "Place", kind = "bytes", bytes = 6 },
    { field = "recovery.held", label = "Held", kind = "bytes", bytes = 24 },
  },
}
-- … to here.

local trailers = { [0] = "none", [1] = "CRC-32, right", [2] = "zero, not filled in", [3] = "no CRC-32: a MIC, or wrong" }
local directions = { [0] = "to the ONT", [1] = "to the OLT" }

local f = omci.fields
f.direction = ProtoField.uint8("omcisw.direction", "Direction", base.DEC, directions)
f.onu = ProtoField.uint16("omcisw.onu_id", "ONU-ID", base.DEC)
f.pon = ProtoField.uint8("omcisw.pon", "PON port", base.DEC)
f.broadcast = ProtoField.bool("omcisw.broadcast", "To all ONTs")
f.tci = ProtoField.uint16("omcisw.tci", "TCI", base.HEX)
f.db = ProtoField.bool("omcisw.db", "DB", 8, nil, 0x80)
f.ar = ProtoField.bool("omcisw.ar", "AR, answer wanted", 8, nil, 0x40)
f.ak = ProtoField.bool("omcisw.ak", "AK, is an answer", 8, nil, 0x20)
f.mt = ProtoField.uint8("omcisw.message_type", "Message type", base.DEC, message_types, 0x1f)
f.set = ProtoField.uint8("omcisw.message_set", "Message set", base.HEX, message_sets)
f.class = ProtoField.uint16("omcisw.class", "Class", base.DEC, classes)
f.instance = ProtoField.uint16("omcisw.instance", "Instance", base.HEX)
f.length = ProtoField.uint16("omcisw.contents_length", "Contents length", base.DEC)
f.result = ProtoField.uint8("omcisw.result", "Result", base.DEC, results)
f.window = ProtoField.uint16("omcisw.window", "Window, sections", base.DEC)
f.size = ProtoField.uint32("omcisw.image_size", "Image size, bytes", base.DEC)
f.crc = ProtoField.uint32("omcisw.image_crc", "Image CRC-32", base.HEX)
f.count = ProtoField.uint8("omcisw.instances", "Instances", base.DEC)
f.target = ProtoField.uint16("omcisw.target_instance", "Target instance", base.HEX)
f.target_result = ProtoField.uint8("omcisw.target_result", "Target result", base.DEC, results)
f.section = ProtoField.uint8("omcisw.section", "Section", base.DEC)
f.data = ProtoField.bytes("omcisw.section_data", "Section data")
f.missing = ProtoField.uint16("omcisw.missing", "Sections missing (extension)", base.DEC)
f.lost = ProtoField.uint16("omcisw.lost", "Sections lost (extension)", base.DEC)
f.parity_sections = ProtoField.uint16("omcisw.parity_window", "Data sections of the window (extension)", base.DEC)
f.parity_base = ProtoField.uint8("omcisw.parity_base", "Low byte of the window's first TCI (extension)", base.HEX)
f.flags = ProtoField.uint8("omcisw.flags", "Flags", base.DEC)
f.mask = ProtoField.uint16("omcisw.attribute_mask", "Attribute mask", base.HEX)
f.values = ProtoField.bytes("omcisw.attribute_values", "Attribute values")
f.optional = ProtoField.uint16("omcisw.optional_mask", "Attributes it does not have", base.HEX)
f.execution = ProtoField.uint16("omcisw.execution_mask", "Attributes that failed", base.HEX)
f.contents = ProtoField.bytes("omcisw.contents", "Contents")
f.trailer = ProtoField.bytes("omcisw.trailer", "Trailer")
f.trailer_status = ProtoField.uint8("omcisw.trailer_status", "Trailer status", base.DEC, trailers)
f.request = ProtoField.framenum("omcisw.request_in", "Request in", base.NONE, frametype.REQUEST)
f.answer = ProtoField.framenum("omcisw.answer_in", "Answer in", base.NONE, frametype.RESPONSE)
f.answer_time = ProtoField.relative_time("omcisw.answer_time", "Time since the request")

-- The field in the tree of each field of a layout; lists have fields of their own.
local tree_fields = {
  result = f.result, attributeMask = f.mask, values = f.values, optionalAttributeMask = f.optional,
  attributeExecutionMask = f.execution, flags = f.flags, windowSections = f.window, imageBytes = f.size, crc32 = f.crc,
  sectionNumber = f.section, data = f.data, missingSections = f.missing, lostSections = f.lost,
}

local uint_kinds = { [1] = ProtoField.uint8, [2] = ProtoField.uint16, [4] = ProtoField.uint32 }
local function attribute_field(attribute)
  local filter = "omcisw." .. attribute.field
  if attribute.kind == "uint" then return uint_kinds[attribute.bytes](filter, attribute.label, base.DEC) end
  local kind = attribute.kind == "text" and ProtoField.stringz or ProtoField.bytes
  return kind(filter, attribute.label)
end
for _, list in pairs(attribute_tables) do
  for _, attribute in ipairs(list) do
    attribute.tree_field = attribute_field(attribute)
    f[#f + 1] = attribute.tree_field
  end
end

local too_short = ProtoExpert.new("omcisw.short", "Frame too short", expert.group.MALFORMED, expert.severity.ERROR)
local refused = ProtoExpert.new("omcisw.refused", "Refused", expert.group.RESPONSE_CODE, expert.severity.WARN)
local bad_crc = ProtoExpert.new("omcisw.bad_crc", "Wrong CRC-32", expert.group.CHECKSUM, expert.severity.WARN)
omci.experts = { too_short, refused, bad_crc }

omci.prefs.check_crc = Pref.bool("Check CRC-32 trailers", true, "Takes a while in captures of a hundred thousand frames")

-- Requests and their answers, by port, ONU-ID, TCI, message type and class; filled on the first pass, in the order of the
-- frames. What all are asked, each ONT answers.
local TO_ALL = 65535
local open, request_of, answers_of, crc_seen = {}, {}, {}, {}
function omci.init()
  open, request_of, answers_of, crc_seen = {}, {}, {}, {}
end

local function link(pinfo, from, header)
  if pinfo.visited or header.tci == 0 then return end
  local tail = "/" .. header.tci .. "/" .. header.mt .. "/" .. header.class
  local key = from.pon .. "/" .. from.onu .. tail
  local request = { number = pinfo.number, time = pinfo.rel_ts }
  if header.is_request then
    open[key] = request
  elseif header.is_answer then
    local asked = open[key] or open[from.pon .. "/" .. TO_ALL .. tail]
    open[key] = nil
    if not asked then return end
    request_of[pinfo.number] = asked
    answers_of[asked.number] = answers_of[asked.number] or {}
    table.insert(answers_of[asked.number], pinfo.number)
  end
end

local function add_links(tree, pinfo)
  local request = request_of[pinfo.number]
  if request then
    tree:add(f.request, request.number):set_generated()
    local seconds = pinfo.rel_ts - request.time
    local whole = math.floor(seconds)
    tree:add(f.answer_time, NSTime.new(whole, math.floor((seconds - whole) * 1e9 + 0.5))):set_generated()
  end
  for _, number in ipairs(answers_of[pinfo.number] or {}) do tree:add(f.answer, number):set_generated() end
end

-- CRC-32 of I.363.5 (AAL5): most significant bit first, not reflected.
local crc_table = {}
for byte = 0, 255 do
  local register = bit.lshift(byte, 24)
  for _ = 1, 8 do
    local shifted = bit.lshift(register, 1)
    register = bit.band(register, 0x80000000) ~= 0 and bit.bxor(shifted, 0x04c11db7) or shifted
  end
  crc_table[byte] = register
end

local function crc32(octets)
  local register = -1
  for at = 1, #octets do
    local top = bit.band(bit.bxor(bit.rshift(register, 24), octets:byte(at)), 0xff)
    register = bit.bxor(bit.lshift(register, 8), crc_table[top])
  end
  -- bit's numbers are signed.
  return bit.bnot(register) % 4294967296
end

local function add_trailer(tree, buffer, pdu_end, direction)
  local status = 0
  local item
  if buffer:len() > pdu_end then item = tree:add(f.trailer, buffer(pdu_end)) end
  if buffer:len() == pdu_end + TRAILER_BYTES then
    local value = buffer(pdu_end, TRAILER_BYTES):uint()
    if not omci.prefs.check_crc then return end
    if value == crc32(buffer:raw(0, pdu_end)) then
      status = 1
      crc_seen[direction] = true
    else
      status = value == 0 and 2 or 3
    end
  end
  tree:add(f.trailer_status, status):set_generated()
  -- Where others are right, this one is wrong; else it may be a MIC.
  if status == 3 and crc_seen[direction] and item then item:add_proto_expert_info(bad_crc) end
end

-- A count, then so many instances, each with a result where it is an answer.
local function add_instances(tree, contents, at, with_result)
  if contents:len() <= at then return end
  local count = contents(at, 1):uint()
  tree:add(f.count, contents(at, 1))
  local step = with_result and 3 or 2
  for index = 0, count - 1 do
    local from = at + 1 + index * step
    if from + step > contents:len() then return end
    tree:add(f.target, contents(from, 2))
    if with_result then tree:add(f.target_result, contents(from + 2, 1)) end
  end
end

-- The values of a mask's attributes; what no attribute is known for stays bytes.
local function add_attributes(tree, contents, mask, from, class)
  local at = from
  for index, attribute in ipairs(attribute_tables[class] or {}) do
    if bit.band(mask, bit.rshift(0x8000, index - 1)) ~= 0 then
      if at + attribute.bytes > contents:len() then return end
      tree:add(attribute.tree_field, contents(at, attribute.bytes))
      at = at + attribute.bytes
    end
  end
end

local function add_uint(tree, field, range)
  local value = range:uint() + (field.bias or 0)
  local item = tree:add(tree_fields[field.name], range, value)
  if field.name == "result" and value ~= 0 then item:add_proto_expert_info(refused) end
  return value
end

-- What a field says of the extension, in bytes that others leave unused or fill as they like.
local function is_plausible(field, contents, at)
  return contents:len() >= at + field.bytes and contents(at, field.bytes):uint() <= field.extension_max
end

-- Adds the fields of a layout to the tree, in their order.
-- Returns the values that have one, by their names, and whether the contents were long enough.
local function read_contents(tree, contents, fields, extended, class)
  local said = {}
  local at, length = 0, contents:len()
  for _, field in ipairs(fields) do
    if field.kind == "uint" then
      if field.extension_max then
        if not is_plausible(field, contents, at) then return said, true end
      elseif at + field.bytes > length then
        return said, false
      end
      said[field.name] = add_uint(tree, field, contents(at, field.bytes))
      at = at + field.bytes
    elseif field.kind == "rest" then
      local rest_end = extended and length or math.min(length, at + field.baseline_bytes)
      if rest_end > at then
        local rest = tree:add(tree_fields[field.name], contents(at, rest_end - at))
        if field.attributes then add_attributes(rest, contents(0, rest_end):tvb(), said.attributeMask, at, class) end
      end
      at = extended and length or at + field.baseline_bytes
    else
      add_instances(tree, contents, at, field.kind == "instanceResults")
    end
  end
  return said, true
end

-- What the info column says of a message beside its name and result.
local summaries = {}

function summaries.startDownloadRequest(said) return "window " .. said.windowSections .. ", " .. said.imageBytes .. " bytes" end
function summaries.startDownloadResponse(said) return said.result_text .. ", window " .. said.windowSections end
function summaries.endDownloadRequest(said) return said.imageBytes .. " bytes" end

function summaries.downloadSectionResponse(said)
  local missing = said.missingSections or 0
  return said.sectionNumber .. ": " .. said.result_text .. (missing > 0 and ", " .. missing .. " missing" or "")
end

function summaries.downloadSectionRequest(said, tree, class, instance)
  if class ~= RECOVERY then return tostring(said.sectionNumber) end
  local low = instance:uint() % 256
  tree:add(f.parity_base, instance(0, 1))
  tree:add(f.parity_sections, instance(1, 1), low + 1)
  return "parity " .. said.sectionNumber .. " of a window of " .. (low + 1)
end

local function summary_of(name, said, tree, class, instance)
  if said.result then said.result_text = results[said.result] or tostring(said.result) end
  if summaries[name] then return summaries[name](said, tree, class, instance) end
  return said.result_text or ""
end

-- Who sent it to whom: by the addresses of our own captures, else by AK and the message types that an ONT sends by itself.
local function origin(pinfo, is_answer, mt)
  local dst, src = tostring(pinfo.dl_dst), tostring(pinfo.dl_src)
  local ours = "^0[23]:50:4f:(%x%x):(%x%x):(%x%x)$"
  local dst_pon, dst_kind, dst_number = dst:match(ours)
  local _, src_kind, src_number = src:match(ours)
  if not (dst_pon and src_kind) then
    return { pon = 0, onu = "?", is_down = not (is_answer or notifications[mt]), is_ours = false }
  end
  local is_down = src_kind == "00"
  local to_all = is_down and dst:sub(1, 2) == "03"
  local onu = tonumber(is_down and dst_number or src_number, 16)
  return { pon = tonumber(dst_pon, 16), onu = to_all and TO_ALL or onu, is_down = is_down, is_ours = true, to_all = to_all }
end

local function add_origin(tree, from)
  tree:add(f.direction, from.is_down and 0 or 1):set_generated()
  if not from.is_ours then return end
  tree:add(f.pon, from.pon):set_generated()
  if from.to_all then
    tree:add(f.broadcast, true):set_generated()
  else
    tree:add(f.onu, from.onu):set_generated()
  end
end

local function add_header(tree, buffer)
  tree:add(f.tci, buffer(0, 2))
  for _, field in ipairs({ f.db, f.ar, f.ak, f.mt }) do tree:add(field, buffer(2, 1)) end
  tree:add(f.set, buffer(3, 1))
  tree:add(f.class, buffer(4, 2))
  tree:add(f.instance, buffer(6, 2))
end

-- Where contents begin, how long they are, and where the PDU ends; nil for a frame that is cut off in its header.
local function layout(tree, buffer, extended)
  if not extended then
    return HEADER_BYTES, math.min(BASELINE_CONTENTS_BYTES, buffer:len() - HEADER_BYTES),
      math.min(buffer:len(), BASELINE_PDU_BYTES)
  end
  if buffer:len() < EXTENDED_HEADER_BYTES then return nil end
  tree:add(f.length, buffer(8, 2))
  local length = math.min(buffer(8, 2):uint(), buffer:len() - EXTENDED_HEADER_BYTES)
  return EXTENDED_HEADER_BYTES, length, EXTENDED_HEADER_BYTES + length
end

function omci.dissector(buffer, pinfo, tree)
  pinfo.cols.protocol = "OMCI"
  local root = tree:add(omci, buffer())
  if buffer:len() < HEADER_BYTES then
    root:add_proto_expert_info(too_short)
    return
  end
  local type_byte = buffer(2, 1)
  local header = {
    tci = buffer(0, 2):uint(),
    mt = type_byte:uint() % 32,
    is_request = type_byte:bitfield(1, 1) == 1,
    is_answer = type_byte:bitfield(2, 1) == 1,
    class = buffer(4, 2):uint(),
  }
  local mt, is_answer = header.mt, header.is_answer
  local extended = buffer(3, 1):uint() == DEVICE_EXTENDED
  local from = origin(pinfo, is_answer, mt)
  add_origin(root, from)
  add_header(root, buffer)
  local start, length, pdu_end = layout(root, buffer, extended)
  if not start then
    root:add_proto_expert_info(too_short)
    return
  end

  local text = ""
  local message = layouts[mt + (is_answer and 32 or 0)]
  if message then
    -- A message without contents has nothing to slice.
    local contents = length > 0 and buffer(start, length):tvb() or ByteArray.new():tvb("no contents")
    local fields = extended and message.extended or message.baseline
    local said, is_whole = read_contents(root, contents, fields, extended, header.class)
    if is_whole then
      text = summary_of(message.name, said, root, header.class, buffer(6, 2))
    else
      root:add_proto_expert_info(too_short)
    end
  elseif length > 0 then
    root:add(f.contents, buffer(start, length))
  end
  add_trailer(root, buffer, pdu_end, from.is_down and "down" or "up")

  link(pinfo, from, { tci = header.tci, mt = mt, class = header.class, is_answer = is_answer,
    is_request = header.is_request and from.is_down })
  add_links(root, pinfo)

  local name = (message_types[mt] or ("Message type " .. mt)) .. (is_answer and " answer" or "")
  local whose = from.to_all and "all" or tostring(from.onu)
  local port = from.pon > 0 and (from.pon .. "/") or ""
  if text ~= "" then name = name .. " " .. text end
  pinfo.cols.info = name .. " [ONU " .. port .. whose .. ", TCI " .. string.format("0x%04x", header.tci) .. "]"
end

DissectorTable.get("ethertype"):add(0x88b5, omci)
-- Bare frames in UDP (`encapsulation: plain`): by hand, under Decode As.
DissectorTable.get("udp.port"):add_for_decode_as(omci)
