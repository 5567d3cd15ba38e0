#include "core/store.h"

namespace weir {

Document document_of(const Record& record) {
  return {{"address", record.address.text()},  {"kind", record.kind},
          {"remote_name", record.remote_name}, {"uid", record.uid},
          {"fields", record.fields},           {"is_protected", record.is_protected},
          {"on_remove", record.on_remove},     {"create_time", record.create_time}};
}

std::optional<Record> read_record(const Document& document) {
  const auto address = Address::parse(text_at(document, "address"));
  const Document* fields = at_path(document, "fields");
  if (!address || fields == nullptr || !fields->is_object()) return std::nullopt;
  Record record = {.address = *address,
                   .kind = text_at(document, "kind"),
                   .remote_name = text_at(document, "remote_name"),
                   .uid = text_at(document, "uid"),
                   .fields = *fields,
                   .is_protected = flag_at(document, "is_protected"),
                   .on_remove = text_at(document, "on_remove"),
                   .create_time = text_at(document, "create_time")};
  // What was passed over, or had another type, could have changed the meaning of the rest.
  if (document_of(record) != document) return std::nullopt;
  return record;
}

}  // namespace weir
