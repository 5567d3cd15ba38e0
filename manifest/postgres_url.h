// The address of a database as manifests write it: for the state, and for a server.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/document.h"
#include "manifest/declaring.h"
#include "manifest/manifest.h"

namespace weir {

/// What messages call the place of an address, and the way out that they show.
struct UrlPlace {
  std::string path;  ///< "state.postgres"
  const char* hint;  ///< "write state: { postgres: { from: { env: NAME } } }"
  const char* form;  ///< "postgres://USER@HOST:PORT/DATABASE, or a map with from"
};

/// Reads a URL, or a map with `from` alone; reports what is wrong with it.
PostgresUrl read_postgres_url(const Node& node, const UrlPlace& place, const Declaring& declaring);

/// The member of a map that has exactly one of the keys, and nothing else; otherwise that is
/// reported, and there is none.
const Entry* only_entry(const Node& node, const std::string& path,
                        std::span<const std::string_view> keys, const char* hint,
                        const Declaring& declaring);
/// The text behind a key; "" when it is none, which is reported.
std::string text_behind(const Entry& entry, const std::string& path, const Declaring& declaring);
/// A file that a manifest names, so that it means the same wherever weir is called.
std::string seen_from_manifest(const Entry& entry, const Declaring& declaring);

/// As JSON, in the words of the manifest; null for none.
Document document_of(const PostgresUrl& url);
/// The inverse; nothing for what it never writes.
std::optional<PostgresUrl> read_postgres_url(const Document& document);

}  // namespace weir
