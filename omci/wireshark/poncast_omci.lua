-- OMCI software download (ITU-T G.988) for Wireshark and tshark.
--
-- Frames as poncast captures them: Ethernet with EtherType 0x88B5, port and ONU-ID in the addresses. In captures of others
-- the direction is the frame's own, and the ONU is not known. Both message sets; sections that ask for no answer are
-- requests like the others; the multicast extension (instance 0xFFFF, parity sections, recovery ME) is marked as such.

local omci = Proto("omcisw", "OMCI software download")

-- Beside this file, wherever that is: tables that `npm run docs` makes from what the codec works by.
local here = debug.getinfo(1, "S").source:match("^@(.*[/\\])") or ""
local tables = dofile(here .. "poncast_omci_tables.lua")
local HEADER_BYTES, EXTENDED_HEADER_BYTES, TRAILER_BYTES =
  tables.HEADER_BYTES, tables.EXTENDED_HEADER_BYTES, tables.TRAILER_BYTES
local BASELINE_CONTENTS_BYTES, BASELINE_PDU_BYTES = tables.BASELINE_CONTENTS_BYTES, tables.BASELINE_PDU_BYTES
local BASELINE_MESSAGE_BYTES = HEADER_BYTES + BASELINE_CONTENTS_BYTES
local DEVICE_BASELINE, DEVICE_EXTENDED = tables.DEVICE_BASELINE, tables.DEVICE_EXTENDED
local RECOVERY = tables.RECOVERY
local message_types, message_sets, notifications = tables.message_types, tables.message_sets, tables.notifications
local classes, results, layouts, attribute_tables = tables.classes, tables.results, tables.layouts, tables.attributes
local value_names, alarm_names = tables.values, tables.alarms

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
f.of_class = ProtoField.uint16("omcisw.of_class", "Of class", base.DEC, classes)
f.of_instance = ProtoField.uint16("omcisw.of_instance", "Of instance", base.HEX)
f.of_mask = ProtoField.uint16("omcisw.of_mask", "Attribute mask", base.HEX)
f.alarm_bitmap = ProtoField.bytes("omcisw.alarm_bitmap", "Alarm bitmap")
f.alarm = ProtoField.uint8("omcisw.alarm", "Alarm raised", base.DEC)
f.alarm_sequence = ProtoField.uint8("omcisw.alarm_sequence", "Alarm sequence number", base.DEC)
f.alarm_mode = ProtoField.uint8("omcisw.alarm_retrieval_mode", "Alarm retrieval mode", base.DEC)
f.subsequent = ProtoField.uint16("omcisw.subsequent_commands", "Commands to follow", base.DEC)
f.command_number = ProtoField.uint16("omcisw.command_number", "Command number", base.DEC)
f.entities = ProtoField.bytes("omcisw.managed_entities", "Managed entities")
f.parameters = ProtoField.bytes("omcisw.test_parameters", "Parameters of the test")
f.table_part = ProtoField.bytes("omcisw.table_part", "Part of the table")
f.rows = ProtoField.bytes("omcisw.table_rows", "Rows of the table")
f.success_results = ProtoField.uint8("omcisw.success_results", "Success results", base.DEC)
f.year = ProtoField.uint16("omcisw.year", "Year", base.DEC)
f.month = ProtoField.uint8("omcisw.month", "Month", base.DEC)
f.day = ProtoField.uint8("omcisw.day", "Day", base.DEC)
f.hour = ProtoField.uint8("omcisw.hour", "Hour", base.DEC)
f.minute = ProtoField.uint8("omcisw.minute", "Minute", base.DEC)
f.second = ProtoField.uint8("omcisw.second", "Second", base.DEC)
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
  alarmBitmap = f.alarm_bitmap, alarmSequenceNumber = f.alarm_sequence, alarmRetrievalMode = f.alarm_mode,
  subsequentCommands = f.subsequent, commandNumber = f.command_number, managedEntities = f.entities, alarms = f.entities,
  parameters = f.parameters, tablePart = f.table_part, rows = f.rows, successResults = f.success_results,
  year = f.year, month = f.month, day = f.day, hour = f.hour, minute = f.minute, second = f.second,
}

local uint_kinds = { ProtoField.uint8, ProtoField.uint16, ProtoField.uint24, ProtoField.uint32, ProtoField.uint64,
  ProtoField.uint64, ProtoField.uint64, ProtoField.uint64 }
local int_kinds = { ProtoField.int8, ProtoField.int16, ProtoField.int24, ProtoField.int32 }
local words = {
  boolean = { [0] = "no", [1] = "yes" },
  administrativeState = { [0] = "unlocked", [1] = "locked", [2] = "shutting down" },
  operationalState = { [0] = "enabled", [1] = "disabled" },
}
local kinds = { text = ProtoField.string, mac = ProtoField.ether, ipv4 = ProtoField.ipv4, ipv6 = ProtoField.ipv6 }
local function attribute_field(attribute)
  local filter, label, kind, bytes = "omcisw." .. attribute.field, attribute.label, attribute.kind, attribute.bytes
  local named = value_names[attribute.values] or words[kind]
  if kind == "uint" or kind == "unsigned" or words[kind] then return uint_kinds[bytes](filter, label, base.DEC, named) end
  if kind == "bits" then return uint_kinds[bytes](filter, label, base.HEX, named) end
  if kind == "signed" then return int_kinds[bytes](filter, label, base.DEC) end
  return (kinds[kind] or ProtoField.bytes)(filter, label)
end
for _, list in pairs(attribute_tables) do
  for _, attribute in ipairs(list) do
    attribute.field, attribute.label = list.prefix .. "." .. attribute[1], attribute[2]
    attribute.kind, attribute.bytes = attribute[3], attribute[4]
    attribute.tree_field = attribute_field(attribute)
    f[#f + 1] = attribute.tree_field
    if attribute.kind == "table" then
      attribute.size_field = ProtoField.uint32("omcisw." .. attribute.field .. "_size", attribute.label .. ", bytes", base.DEC)
      f[#f + 1] = attribute.size_field
    end
  end
end

local too_short = ProtoExpert.new("omcisw.short", "Frame too short", expert.group.MALFORMED, expert.severity.ERROR)
local refused = ProtoExpert.new("omcisw.refused", "Refused", expert.group.RESPONSE_CODE, expert.severity.WARN)
local bad_crc = ProtoExpert.new("omcisw.bad_crc", "Wrong CRC-32", expert.group.CHECKSUM, expert.severity.WARN)
local cut_off = ProtoExpert.new("omcisw.cut_off", "Cut off: the frame is shorter than it says", expert.group.MALFORMED, expert.severity.WARN)
local unknown_device = ProtoExpert.new("omcisw.unknown_device", "No message set of G.988", expert.group.PROTOCOL, expert.severity.WARN)
omci.experts = { too_short, refused, bad_crc, cut_off, unknown_device }

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

-- A table stands in answers by its size.
local TABLE_SIZE_BYTES = 4

-- The values of attributes as a message lists them: "get" and "set" by a mask, "create" all that are set by create; what no
-- attribute is known for stays bytes.
local function add_attributes(tree, contents, mask, from, class, list)
  local at = from
  for index, attribute in ipairs(attribute_tables[class] or {}) do
    local is_listed = list == "create" and attribute.create or list ~= "create" and bit.band(mask, bit.rshift(0x8000, index - 1)) ~= 0
    if is_listed then
      local is_size = attribute.kind == "table" and list == "get"
      local bytes = is_size and TABLE_SIZE_BYTES or attribute.bytes
      if at + bytes > contents:len() then return end
      tree:add(is_size and attribute.size_field or attribute.tree_field, contents(at, bytes))
      at = at + bytes
    end
  end
end

local ALARM_BITMAP_BYTES = 28
local function add_alarms(tree, range, class)
  local item = tree:add(f.alarm_bitmap, range)
  local names = alarm_names[class] or {}
  for alarm = 0, 8 * range:len() - 1 do
    if range(math.floor(alarm / 8), 1):bitfield(alarm % 8, 1) == 1 then
      local raised = item:add(f.alarm, range(math.floor(alarm / 8), 1), alarm)
      if names[alarm] then raised:append_text(" (" .. names[alarm] .. ")") end
    end
  end
end

-- MEs one behind the other: of a MIB upload with their attributes, in front of which extended has their length.
local function add_entity(tree, contents, at, length)
  local item = tree:add(f.of_class, contents(at, 2))
  item:add(f.of_instance, contents(at + 2, 2))
  item:add(f.of_mask, contents(at + 4, 2))
  if length > 0 then
    add_attributes(item, contents(0, at + 6 + length):tvb(), contents(at + 4, 2):uint(), at + 6, contents(at, 2):uint(), "get")
  end
end

local function add_entities(tree, contents, extended)
  local at, ahead = 0, extended and 2 or 0
  while at + ahead + 6 <= contents:len() do
    local room = contents:len() - at - ahead - 6
    local length = extended and math.min(room, contents(at, 2):uint()) or room
    add_entity(tree, contents, at + ahead, length)
    at = at + ahead + 6 + length
  end
end

local function add_alarmed(tree, contents)
  for at = 0, contents:len() - 4 - ALARM_BITMAP_BYTES, 4 + ALARM_BITMAP_BYTES do
    local item = tree:add(f.of_class, contents(at, 2))
    item:add(f.of_instance, contents(at + 2, 2))
    add_alarms(item, contents(at + 4, ALARM_BITMAP_BYTES), contents(at, 2):uint())
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
    if not extended then at = at + (field.baseline_padding or 0) end
    if field.kind == "bytes" then
      if at + field.bytes > length then return said, false end
      add_alarms(tree, contents(at, field.bytes), class)
      at = at + field.bytes
    elseif field.kind == "uint" then
      if field.optional and at == length then return said, true end
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
        local part = contents(0, rest_end):tvb()
        if field.attributes then add_attributes(rest, part, said.attributeMask or 0, at, class, field.attributes) end
        if field.entries == "managedEntities" then add_entities(rest, part, extended) end
        if field.entries == "alarms" then add_alarmed(rest, part) end
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
    if buffer:len() < BASELINE_MESSAGE_BYTES then tree:add_proto_expert_info(cut_off) end
    return HEADER_BYTES, math.min(BASELINE_CONTENTS_BYTES, buffer:len() - HEADER_BYTES),
      math.min(buffer:len(), BASELINE_PDU_BYTES)
  end
  if buffer:len() < EXTENDED_HEADER_BYTES then return nil end
  tree:add(f.length, buffer(8, 2))
  local said = buffer(8, 2):uint()
  if said > buffer:len() - EXTENDED_HEADER_BYTES then tree:add_proto_expert_info(cut_off) end
  local length = math.min(said, buffer:len() - EXTENDED_HEADER_BYTES)
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
  local device = buffer(3, 1):uint()
  local extended = device == DEVICE_EXTENDED
  if device ~= DEVICE_BASELINE and not extended then root:add_proto_expert_info(unknown_device) end
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
