// A position in the write-ahead log, as PostgreSQL writes it: "0/1A2B3C8".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace emulator {

using Lsn = std::uint64_t;

/// Clusters are made with segments of this size, so that little is copied and archived.
inline constexpr Lsn kSegmentSize = Lsn{1} << 20;

std::optional<Lsn> parse_lsn(std::string_view text);
std::string lsn_text(Lsn lsn);
/// Name of the WAL file that holds `lsn`.
std::string segment_name(const std::string& timeline, Lsn lsn);

}  // namespace emulator
