#include "manifest/inside/declare_inside.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include <fmt/format.h>

#include "manifest/budgets.h"
#include "manifest/inside/aliases.h"
#include "manifest/inside/database.h"
#include "manifest/inside/memberships.h"
#include "manifest/inside/profiles.h"
#include "manifest/inside/reading.h"

namespace weir::inside {
namespace {

/// What the service gives to a project that does not say another version.
constexpr int kUsualVersion = 17;
/// What instances have been seen with; they do not say which they get.
constexpr int kVersionOfInstances = 16;

/// "login" of "${var.login}", which is what a field keeps of a secret.
std::string variable_of(std::string_view text) {
  constexpr std::string_view kBegin = "${var.";
  const bool is_whole = text.starts_with(kBegin) && text.ends_with('}');
  return std::string(is_whole ? text.substr(kBegin.size(), text.size() - kBegin.size() - 1) : text);
}

bool has_key(const std::vector<const Entry*>& entries, std::string_view key) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const Entry* entry) { return entry->key == key; });
}

class InsideReader {
 public:
  InsideReader(const std::vector<Declaration>& declarations, const Declaring& declaring)
      : declaring_(declaring), aliases_(declarations), profiles_(declaring) {
    for (const Declaration& declaration : declarations) {
      declared_.emplace(declaration.address, &declaration);
    }
  }

  void read(const WrittenInside& written) {
    const Declaration* declaration = declared_.at(written.address);
    if (declaration->kind->is_a("role")) {
      roles_[written.address.parent()].push_back({declaration, &written.words});
    } else {
      read_database_of(*declaration, written.words);
    }
  }

  /// A password is a field of the role, and only SQL can set it.
  void read_passwords(const std::vector<Declaration>& declarations) {
    for (const Declaration& declaration : declarations) {
      if (!declaration.kind->is_a("role") || !declaration.fields.contains("password")) continue;
      roles_[declaration.address.parent()].push_back({&declaration, nullptr});
    }
  }

  std::vector<Inside> take() {
    for (const auto& [branch, roles] : roles_) read_roles_of(*declared_.at(branch), roles);
    std::sort(insides_.begin(), insides_.end(),
              [](const Inside& left, const Inside& right) { return left.address < right.address; });
    return std::move(insides_);
  }

 private:
  struct WrittenRole {
    const Declaration* role = nullptr;
    const std::vector<const Entry*>* words = nullptr;  ///< null: the password is meant
  };

  Reading reading_of(const Declaration& declaration, const Address& branch) {
    Reading reading(declaring_, aliases_, profiles_, version_of(branch), wishes_left_);
    reading.inside.address = declaration.address;
    reading.inside.place = declaration.place;
    reading.branch = branch;
    return reading;
  }

  /// A branch has the version of its project.
  sql::ServerVersion version_of(const Address& branch) const {
    const Address container = branch.parent();
    if (container.is_root()) return {.number = 10'000 * kVersionOfInstances};
    const Document& fields = declared_.at(container)->fields;
    const auto written = fields.find("pg_version");
    const std::int64_t major =
        written == fields.end() ? kUsualVersion : written->get<std::int64_t>();
    // A number that is no version is a mistake, which the rules report.
    constexpr std::int64_t kMost = 99;
    return {.number = static_cast<int>(10'000 * std::clamp<std::int64_t>(major, 0, kMost))};
  }

  WrittenWords words_of(const Declaration& declaration, const std::vector<const Entry*>& entries,
                        const Subject& subject) const {
    WrittenWords words;
    for (const Entry* entry : entries) {
      const Word* word = find_word(fmt::format("{}.{}", declaration.kind->sort(), entry->key));
      if (!refuse_secrets(entry->value, subject.address, declaring_)) continue;
      if (!word->needs.empty() && !has_key(entries, word->needs)) {
        report_need(*word, entry->value.place, subject);
      }
      if (check_form(*word, *entry, subject)) words.add(*entry);
    }
    return words;
  }

  void read_database_of(const Declaration& declaration, const std::vector<const Entry*>& entries) {
    Reading reading = reading_of(declaration, declaration.address.parent());
    reading.database = declaration.id;
    const Part database = reading.part_at(declaration.address);
    read_database(words_of(declaration, entries, database.subject), database, reading);
    insides_.push_back(reading.finish());
  }

  void read_roles_of(const Declaration& branch, const std::vector<WrittenRole>& roles) {
    Reading reading = reading_of(branch, branch.address);
    for (const WrittenRole& written : roles) {
      const Part role = reading.part_at(written.role->address);
      if (written.words == nullptr) {
        read_password(*written.role, reading);
        continue;
      }
      const WrittenWords words = words_of(*written.role, *written.words, role.subject);
      if (const Node* member_of = words.value("member_of")) {
        reading.inside.roles.emplace(role.address.key(), role.address);
        read_memberships(*member_of, role, reading);
      }
    }
    check_circles(reading, reading.part_at(branch.address).subject);
    insides_.push_back(reading.finish());
  }

  static void read_password(const Declaration& role, Reading& reading) {
    const std::string alias = role.address.key();
    reading.inside.roles.emplace(alias, role.address);
    reading.inside.passwords.push_back(
        {.tag = reading.tag(role.address.singleton("password"), role.place_of("password")),
         .role = alias,
         .variable = variable_of(role.fields.at("password").get<std::string>())});
  }

  const Declaring& declaring_;
  const Aliases aliases_;
  const Profiles profiles_;
  std::size_t wishes_left_ = CountLimits{}.wishes + 1;
  std::unordered_map<Address, const Declaration*> declared_;
  std::map<Address, std::vector<WrittenRole>> roles_;  // by branch
  std::vector<Inside> insides_;
};

}  // namespace

std::vector<Inside> declare_insides(const std::vector<WrittenInside>& written,
                                    const std::vector<Declaration>& declarations,
                                    const Declaring& declaring) {
  InsideReader reader(declarations, declaring);
  for (const WrittenInside& each : written) reader.read(each);
  reader.read_passwords(declarations);
  return reader.take();
}

}  // namespace weir::inside
