#include "state/codec.h"

#include <array>
#include <charconv>

#include <fmt/format.h>
#include <openssl/rand.h>

#include "core/digest.h"

namespace weir {
namespace {

void add_text(Document& document, const char* key, const std::string& text) {
  if (!text.empty()) document[key] = text;
}

Document to_document(const Record& record) {
  Document document = Document::object();
  document["kind"] = record.kind;
  document["remote_name"] = record.remote_name;
  add_text(document, "uid", record.uid);
  document["fields"] = record.fields;
  if (record.is_protected) document["protect"] = true;
  add_text(document, "on_remove", record.on_remove);
  add_text(document, "create_time", record.create_time);
  return document;
}

/// Takes `fields` out of `document`: a copy of them is most of what reading costs.
Record take_record(const Address& address, Document& document) {
  Record record{.address = address,
                .kind = text_at(document, "kind"),
                .remote_name = text_at(document, "remote_name"),
                .uid = text_at(document, "uid"),
                .is_protected = flag_at(document, "protect"),
                .on_remove = text_at(document, "on_remove"),
                .create_time = text_at(document, "create_time")};
  if (const auto fields = document.find("fields"); fields != document.end()) {
    record.fields = std::move(*fields);
  }
  return record;
}

/// Of a body that belongs to the address or id.
std::string hash_of(const std::string& owner, const std::string& body) {
  // No owner has a NUL, so the two texts cannot be cut in another place.
  std::string text = owner;
  text += '\0';
  text += body;
  return sha256(text);
}

/// The last member of an intent, which covers all before it.
std::string seal(const std::string& id, const std::string& body) {
  return fmt::format(R"(,"hash":"{}"}})", to_hex(hash_of(id, body)));
}

}  // namespace

Blob to_blob(const Address& address, const Record& record) {
  std::string body = to_text(to_document(record));
  std::string hash = hash_of(address.text(), body);
  return {.body = std::move(body), .hash = std::move(hash)};
}

Record read_blob(const Address& address, const Blob& blob, const std::string& where) {
  if (hash_of(address.text(), blob.body) != blob.hash) {
    throw damaged(where, fmt::format("the record of {} is not the one that was written",
                                     address.is_root() ? "nothing" : address.text()));
  }
  auto document = parse_document(blob.body);
  if (!document) throw damaged(where, fmt::format("the record of {} is no JSON", address.text()));
  return take_record(address, *document);
}

std::string to_body(const Intent& intent) {
  Document document = Document::object();
  document["action"] = intent.action;
  document["address"] = intent.address.text();
  document["kind"] = intent.kind;
  document["remote_name"] = intent.remote_name;
  add_text(document, "uid", intent.uid);
  add_text(document, "request", intent.request);
  add_text(document, "prepared_at", intent.prepared_at);
  if (intent.record) {
    document["record"] = to_document(*intent.record);
    if (intent.record->address != intent.address) {
      document["record_address"] = intent.record->address.text();
    }
  }
  std::string body = to_text(document);
  const std::string last = seal(intent.id, body);
  body.pop_back();
  return body + last;
}

Intent read_intent(const std::string& id, const std::string& operation, const std::string& body,
                   const std::string& where) {
  const std::size_t length = seal("", "").size();
  const bool is_whole =
      body.size() > length &&
      body.substr(body.size() - length) == seal(id, body.substr(0, body.size() - length) + "}");
  if (!is_whole) {
    throw damaged(where, fmt::format("the open intent {} is not the one that was written", id));
  }
  auto document = parse_document(body);
  const auto address =
      document ? Address::parse(text_at(*document, "address")) : std::optional<Address>();
  if (!address) throw damaged(where, fmt::format("the open intent {} cannot be understood", id));
  Intent intent{.id = id,
                .action = text_at(*document, "action"),
                .address = *address,
                .kind = text_at(*document, "kind"),
                .remote_name = text_at(*document, "remote_name"),
                .uid = text_at(*document, "uid"),
                .request = text_at(*document, "request"),
                .operation = operation,
                .prepared_at = text_at(*document, "prepared_at")};
  if (const auto record = document->find("record"); record != document->end()) {
    const auto of = Address::parse(text_at(*document, "record_address"));
    intent.record = take_record(of.value_or(*address), *record);
  }
  return intent;
}

StateError damaged(const std::string& where, const std::string& what) {
  return StateError(fmt::format(
      "{} is damaged: {}. Put back a copy of it. Without one, move it away: the next plan creates "
      "and updates the same, but nothing is deleted that weir no longer remembers",
      where, what));
}

std::string from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return "";
  std::string bytes;
  bytes.reserve(digits.size() / 2);
  for (std::size_t index = 0; index < digits.size(); index += 2) {
    unsigned byte = 0;
    const char* end = digits.data() + index + 2;
    if (std::from_chars(digits.data() + index, end, byte, 16).ptr != end) return "";
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

std::string random_id() {
  std::array<unsigned char, 16> bytes = {};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    throw StateError("there is no randomness to name a new state with; see getrandom(2)");
  }
  return to_hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace weir
