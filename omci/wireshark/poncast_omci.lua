-- OMCI software download (ITU-T G.988) for Wireshark and tshark.
--
-- Frames as poncast captures them: Ethernet with EtherType 0x88B5, the ONU-ID in the last byte of the ONT's address. Both
-- message sets; sections that ask for no answer are requests like the others; trailers are shown and not judged.

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
local directions = { [0] = "to the ONT", [1] = "to the OLT" }

local f = omci.fields
f.direction = ProtoField.uint8("omcisw.direction", "Direction", base.DEC, directions)
f.onu = ProtoField.uint16("omcisw.onu_id", "ONU-ID", base.DEC)
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
f.contents = ProtoField.bytes("omcisw.contents", "Contents")
f.trailer = ProtoField.bytes("omcisw.trailer", "Trailer")
f.request = ProtoField.framenum("omcisw.request_in", "Request in", base.NONE, frametype.REQUEST)
f.answer = ProtoField.framenum("omcisw.answer_in", "Answer in", base.NONE, frametype.RESPONSE)

local too_short = ProtoExpert.new("omcisw.short", "Frame too short", expert.group.MALFORMED, expert.severity.ERROR)
local refused = ProtoExpert.new("omcisw.refused", "Refused", expert.group.RESPONSE_CODE, expert.severity.WARN)
omci.experts = { too_short, refused }

local BASELINE_CONTENTS = 32
local RECOVERY = 65280

-- Requests and their answers, by ONU-ID and TCI; filled on the first pass, in the order of the frames.
local open, request_of, answer_of = {}, {}, {}
function omci.init()
  open, request_of, answer_of = {}, {}, {}
end

local function link(number, onu, tci, is_request, is_answer, visited)
  if visited or tci == 0 then return end
  local key = onu * 65536 + tci
  if is_request then
    open[key] = number
  elseif is_answer and open[key] then
    request_of[number] = open[key]
    answer_of[open[key]] = number
    open[key] = nil
  end
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

-- What each message adds to the tree; returns what the info column says of it.
local readers = {}

readers[9] = function(tree, contents, is_answer, extended)
  if not is_answer then
    tree:add(f.mask, contents(0, 2))
    return ""
  end
  local text = add_result(tree, contents, 0)
  tree:add(f.mask, contents(1, 2))
  add_rest(tree, f.values, contents, extended and 7 or 3)
  return text
end

readers[17] = function(tree, contents)
  tree:add(f.mask, contents(0, 2))
  add_rest(tree, f.values, contents, 2)
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

-- ONU-ID and direction are in the Ethernet addresses in front: is it from the OLT, whose, is it to all.
local function addresses(pinfo)
  local dst, src = tostring(pinfo.dl_dst), tostring(pinfo.dl_src)
  local from_olt = src:match("^%x%x:%x%x:%x%x:%x%x:00:%x%x$") ~= nil
  local first, last = (from_olt and dst or src):match("^(%x%x):%x%x:%x%x:%x%x:%x%x:(%x%x)$")
  if not first then return nil end
  return from_olt, tonumber(last, 16), tonumber(first, 16) % 2 == 1
end

function omci.dissector(buffer, pinfo, tree)
  pinfo.cols.protocol = "OMCI"
  local root = tree:add(omci, buffer())
  local from_olt, onu, to_all = addresses(pinfo)
  local onu_id = 0
  if onu then
    onu_id = to_all and 65535 or onu
    root:add(f.direction, from_olt and 0 or 1):set_generated()
    if to_all then root:add(f.broadcast, true):set_generated() else root:add(f.onu, onu_id):set_generated() end
  end
  if buffer:len() < 8 then
    root:add_proto_expert_info(too_short)
    return
  end
  local type_byte = buffer(2, 1)
  local mt = type_byte:uint() % 32
  local is_request = type_byte:bitfield(1, 1) == 1
  local is_answer = type_byte:bitfield(2, 1) == 1
  local extended = buffer(3, 1):uint() == 0x0b
  local tci, class = buffer(0, 2):uint(), buffer(4, 2):uint()
  root:add(f.tci, buffer(0, 2))
  root:add(f.db, type_byte)
  root:add(f.ar, type_byte)
  root:add(f.ak, type_byte)
  root:add(f.mt, type_byte)
  root:add(f.set, buffer(3, 1))
  root:add(f.class, buffer(4, 2))
  root:add(f.instance, buffer(6, 2))

  local start, length, pdu_end
  if extended then
    if buffer:len() < 10 then
      root:add_proto_expert_info(too_short)
      return
    end
    root:add(f.length, buffer(8, 2))
    start, length = 10, math.min(buffer(8, 2):uint(), buffer:len() - 10)
    pdu_end = start + length
  else
    start, length = 8, math.min(BASELINE_CONTENTS, buffer:len() - 8)
    pdu_end = math.min(buffer:len(), 44)
  end

  local text = ""
  local needed = least[mt] and least[mt][is_answer and 2 or 1]
  if needed and length >= needed then
    local contents = buffer(start, math.max(length, 0)):tvb()
    text = readers[mt](root, contents, is_answer, extended, class, buffer(6, 2)) or ""
  elseif length > 0 then
    root:add(f.contents, buffer(start, length))
    if needed then root:add_proto_expert_info(too_short) end
  end
  if buffer:len() > pdu_end then root:add(f.trailer, buffer(pdu_end)) end

  link(pinfo.number, onu_id, tci, is_request and from_olt ~= false, is_answer, pinfo.visited)
  if request_of[pinfo.number] then root:add(f.request, request_of[pinfo.number]):set_generated() end
  if answer_of[pinfo.number] then root:add(f.answer, answer_of[pinfo.number]):set_generated() end

  local name = (message_types[mt] or ("Message type " .. mt)) .. (is_answer and " answer" or "")
  local whose = to_all and "all" or tostring(onu_id)
  pinfo.cols.info = name .. " " .. text .. " [ONU " .. whose .. ", TCI " .. string.format("0x%04x", tci) .. "]"
end

DissectorTable.get("ethertype"):add(0x88b5, omci)
