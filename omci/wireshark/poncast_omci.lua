-- OMCI software download (ITU-T G.988) for Wireshark and tshark.
--
-- Frames as poncast captures them: Ethernet with EtherType 0x88B5, port and ONU-ID in the addresses. In captures of others
-- the direction is the frame's own, and the ONU is not known. Both message sets; sections that ask for no answer are
-- requests like the others; the multicast extension (instance 0xFFFF, parity sections, recovery ME) is marked as such.

local omci = Proto("omcisw", "OMCI software download")

local message_types = {
  [4] = "Create", [6] = "Delete", [8] = "Set", [9] = "Get", [11] = "Get all alarms", [12] = "Get all alarms next",
  [13] = "MIB upload", [14] = "MIB upload next", [15] = "MIB reset", [16] = "Alarm", [17] = "Attribute value change",
  [18] = "Test", [19] = "Start software download", [20] = "Download section", [21] = "End software download",
  [22] = "Activate image", [23] = "Commit image", [24] = "Synchronize time", [25] = "Reboot", [26] = "Get next",
  [27] = "Test result", [28] = "Get current data", [29] = "Set table",
}
local message_sets = { [0x0a] = "baseline", [0x0b] = "extended" }
local classes = {
  [2] = "ONU data", [7] = "Software image", [256] = "ONU-G", [257] = "ONU2-G", [65280] = "Recovery (extension)",
}
local results = {
  [0] = "ok", [1] = "processing error", [2] = "not supported", [3] = "parameter error", [4] = "unknown ME",
  [5] = "unknown instance", [6] = "device busy", [7] = "instance exists", [9] = "attribute failed",
}
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

-- Attributes of the MEs that software download needs, in their order (G.988 9.1.1 to 9.1.4; 65280 is the extension).
local function uint(name, bytes, label)
  local kind = bytes == 1 and ProtoField.uint8 or bytes == 2 and ProtoField.uint16 or ProtoField.uint32
  return { bytes = bytes, field = kind("omcisw." .. name, label, base.DEC) }
end
local function text(name, bytes, label) return { bytes = bytes, field = ProtoField.stringz("omcisw." .. name, label) } end
local function raw(name, bytes, label) return { bytes = bytes, field = ProtoField.bytes("omcisw." .. name, label) } end
local attributes = {
  [2] = { uint("onu_data.mib_data_sync", 1, "MIB data sync") },
  [7] = {
    text("image.version", 14, "Version"), uint("image.committed", 1, "Is committed"), uint("image.active", 1, "Is active"),
    uint("image.valid", 1, "Is valid"), text("image.product_code", 25, "Product code"), raw("image.hash", 16, "Image hash"),
  },
  [256] = {
    text("onu_g.vendor_id", 4, "Vendor id"), text("onu_g.version", 14, "Version"), raw("onu_g.serial", 8, "Serial number"),
  },
  [257] = {
    text("onu2_g.equipment_id", 20, "Equipment id"), uint("onu2_g.omcc_version", 1, "OMCC version"),
    uint("onu2_g.product_code", 2, "Vendor product code"),
  },
  [65280] = {
    uint("recovery.window", 2, "Window, sections"), raw("recovery.received_low", 16, "Received, sections 0 to 127"),
    raw("recovery.received_high", 16, "Received, sections 128 to 255"), uint("recovery.base", 2, "First TCI of the window"),
    uint("recovery.last_accepted_tci", 2, "Last TCI of the last window taken in"),
    uint("recovery.trial_outcome", 1, "How the last trial ended"),
  },
}
for _, list in pairs(attributes) do
  for _, attribute in ipairs(list) do f[#f + 1] = attribute.field end
end

local too_short = ProtoExpert.new("omcisw.short", "Frame too short", expert.group.MALFORMED, expert.severity.ERROR)
local refused = ProtoExpert.new("omcisw.refused", "Refused", expert.group.RESPONSE_CODE, expert.severity.WARN)
local bad_crc = ProtoExpert.new("omcisw.bad_crc", "Wrong CRC-32", expert.group.CHECKSUM, expert.severity.WARN)
omci.experts = { too_short, refused, bad_crc }

omci.prefs.check_crc = Pref.bool("Check CRC-32 trailers", true, "Takes a while in captures of a hundred thousand frames")

local BASELINE_CONTENTS = 32
local RECOVERY = 65280

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
  if buffer:len() == pdu_end + 4 then
    local value = buffer(pdu_end, 4):uint()
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

local function add_result(tree, contents, at)
  local range = contents(at, 1)
  local item = tree:add(f.result, range)
  if range:uint() ~= 0 then item:add_proto_expert_info(refused) end
  return results[range:uint()] or tostring(range:uint())
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

local function add_rest(tree, field, contents, from)
  if contents:len() > from then tree:add(field, contents(from)) end
end

-- The values of a mask's attributes; what no attribute is known for stays bytes.
local function add_attributes(tree, contents, mask, from, class)
  local at = from
  for index, attribute in ipairs(attributes[class] or {}) do
    if bit.band(mask, bit.rshift(0x8000, index - 1)) ~= 0 then
      if at + attribute.bytes > contents:len() then return end
      tree:add(attribute.field, contents(at, attribute.bytes))
      at = at + attribute.bytes
    end
  end
end

-- What each message adds to the tree; returns what the info column says of it.
local readers = {}

readers[9] = function(tree, contents, is_answer, extended, class)
  if not is_answer then
    tree:add(f.mask, contents(0, 2))
    return ""
  end
  local text = add_result(tree, contents, 0)
  tree:add(f.mask, contents(1, 2))
  local masks_at = extended and 3 or 28
  if contents:len() >= masks_at + 4 then
    tree:add(f.optional, contents(masks_at, 2))
    tree:add(f.execution, contents(masks_at + 2, 2))
  end
  local values_at = extended and 7 or 3
  local values_end = extended and contents:len() or math.min(contents:len(), 28)
  if values_end > values_at then
    local values = contents(values_at, values_end - values_at)
    add_attributes(tree:add(f.values, values), contents(0, values_end):tvb(), contents(1, 2):uint(), values_at, class)
  end
  return text
end

readers[17] = function(tree, contents, _, _, class)
  tree:add(f.mask, contents(0, 2))
  if contents:len() > 2 then
    add_attributes(tree:add(f.values, contents(2)), contents, contents(0, 2):uint(), 2, class)
  end
  return ""
end

readers[19] = function(tree, contents, is_answer)
  if is_answer then
    local text = add_result(tree, contents, 0)
    tree:add(f.window, contents(1, 1), contents(1, 1):uint() + 1)
    add_instances(tree, contents, 2, true)
    return text .. ", window " .. (contents(1, 1):uint() + 1)
  end
  tree:add(f.window, contents(0, 1), contents(0, 1):uint() + 1)
  tree:add(f.size, contents(1, 4))
  add_instances(tree, contents, 5, false)
  return "window " .. (contents(0, 1):uint() + 1) .. ", " .. contents(1, 4):uint() .. " bytes"
end

readers[20] = function(tree, contents, is_answer, extended, class, instance)
  if is_answer then
    local text = add_result(tree, contents, 0)
    tree:add(f.section, contents(1, 1))
    if contents:len() >= 6 then
      tree:add(f.missing, contents(2, 2))
      tree:add(f.lost, contents(4, 2))
      if contents(2, 2):uint() > 0 then text = text .. ", " .. contents(2, 2):uint() .. " missing" end
    end
    return contents(1, 1):uint() .. ": " .. text
  end
  tree:add(f.section, contents(0, 1))
  add_rest(tree, f.data, contents, 1)
  if class ~= RECOVERY then return tostring(contents(0, 1):uint()) end
  local low = instance:uint() % 256
  tree:add(f.parity_base, instance(0, 1))
  tree:add(f.parity_sections, instance(1, 1), low + 1)
  return "parity " .. contents(0, 1):uint() .. " of a window of " .. (low + 1)
end

readers[21] = function(tree, contents, is_answer)
  if is_answer then
    local text = add_result(tree, contents, 0)
    add_instances(tree, contents, 1, true)
    return text
  end
  tree:add(f.crc, contents(0, 4))
  tree:add(f.size, contents(4, 4))
  add_instances(tree, contents, 8, false)
  return contents(4, 4):uint() .. " bytes"
end

local function flags_or_result(tree, contents, is_answer)
  if is_answer then return add_result(tree, contents, 0) end
  if contents:len() > 0 then tree:add(f.flags, contents(0, 1)) end
  return ""
end
readers[22] = flags_or_result
readers[25] = flags_or_result

local function result_only(tree, contents, is_answer)
  if is_answer then return add_result(tree, contents, 0) end
  return ""
end
readers[15] = result_only
readers[23] = result_only

-- Least contents that a reader needs: request, answer.
local least = {
  [9] = { 2, 3 }, [15] = { 0, 1 }, [17] = { 2, 2 }, [19] = { 5, 2 }, [20] = { 1, 2 }, [21] = { 8, 1 },
  [22] = { 0, 1 }, [23] = { 0, 1 }, [25] = { 0, 1 },
}

-- Who sent it to whom: by the addresses of our own captures, else by AK and the message types that an ONT sends by itself.
local notifications = { [16] = true, [17] = true, [27] = true }
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
    return 8, math.min(BASELINE_CONTENTS, buffer:len() - 8), math.min(buffer:len(), 44)
  end
  if buffer:len() < 10 then return nil end
  tree:add(f.length, buffer(8, 2))
  local length = math.min(buffer(8, 2):uint(), buffer:len() - 10)
  return 10, length, 10 + length
end

function omci.dissector(buffer, pinfo, tree)
  pinfo.cols.protocol = "OMCI"
  local root = tree:add(omci, buffer())
  if buffer:len() < 8 then
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
  local extended = buffer(3, 1):uint() == 0x0b
  local from = origin(pinfo, is_answer, mt)
  add_origin(root, from)
  add_header(root, buffer)
  local start, length, pdu_end = layout(root, buffer, extended)
  if not start then
    root:add_proto_expert_info(too_short)
    return
  end

  local text = ""
  local needed = least[mt] and least[mt][is_answer and 2 or 1]
  if needed and length >= needed then
    -- A message without contents has nothing to slice.
    local contents = length > 0 and buffer(start, length):tvb() or ByteArray.new():tvb("no contents")
    text = readers[mt](root, contents, is_answer, extended, header.class, buffer(6, 2)) or ""
  elseif length > 0 then
    root:add(f.contents, buffer(start, length))
    if needed then root:add_proto_expert_info(too_short) end
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
