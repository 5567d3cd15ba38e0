#include "manifest/branch_classes.h"

#include <algorithm>

#include <fmt/format.h>

#include "manifest/inside/written_words.h"
#include "manifest/manifest_rules.h"

namespace weir {
namespace {

/// In the place of * in an id, so that the rest of it is checked as one. Nobody declares this one.
constexpr std::string_view kAnything = "0any0";

std::string some_id(const std::string& match) {
  std::string id;
  for (const char letter : match) {
    if (letter == '*') {
      id += kAnything;
    } else {
      id += letter == '?' ? '0' : letter;
    }
  }
  return id;
}

/// Whether any branch can be called like that.
bool check_match(const Node& match, const inside::Subject& subject) {
  const auto is_of_ids = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
           std::string_view("-*?").find(letter) != std::string_view::npos;
  };
  if (std::ranges::all_of(match.text, is_of_ids)) return true;
  subject.complain(rule::kValue, match.place,
                   fmt::format("match: \"{}\" is the id of no branch", match.text),
                   "ids have lower-case letters, digits and hyphens; * stands for any of them");
  return false;
}

BranchClass::Undeclared undeclared_of(const std::string& written) {
  if (written == "enforce") return BranchClass::Undeclared::kEnforce;
  return written == "ignore" ? BranchClass::Undeclared::kIgnore : BranchClass::Undeclared::kReport;
}

/// Reads the lifetimes of a class; false when a mistake was reported.
class Lifetimes {
 public:
  Lifetimes(const inside::WrittenWords& words, const inside::Subject& subject)
      : words_(words), subject_(subject) {}

  bool read(BranchClass& read) {
    const auto longest = lifetime("max");
    const auto usual = lifetime("default");
    if (!longest) return false;
    read.longest = *longest;
    read.lifetime = usual.value_or(*longest);
    if (read.lifetime <= read.longest) return true;
    subject_.complain(rule::kValue, words_.value("default")->place,
                      fmt::format("expires.default: {} is longer than max, {}",
                                  words_.text("default"), words_.text("max")),
                      "write max or less");
    return false;
  }

 private:
  std::optional<Duration> lifetime(std::string_view word) {
    if (words_.value(word) == nullptr) return std::nullopt;
    const auto parsed = parse_duration(words_.text(word));
    if (parsed && *parsed > Duration{}) return parsed;
    subject_.complain(rule::kValue, words_.value(word)->place,
                      fmt::format("expires.{}: \"{}\" is no duration", word, words_.text(word)),
                      "for example 7d");
    return std::nullopt;
  }

  const inside::WrittenWords& words_;
  const inside::Subject& subject_;
};

Node text_node(std::string text, const Node& from) {
  return {.type = Node::Type::kText,
          .is_quoted = true,
          .origin = from.origin,
          .place = from.place,
          .text = std::move(text)};
}

/// The class's own words with an id and the longest lifetime, which are the ones to check.
Entry branch_of(const Entry& entry, const inside::WrittenWords& words, const Node& longest) {
  Node branch{.type = Node::Type::kMap, .place = entry.value.place};
  const Node& match = *words.value("match");
  branch.entries.push_back({"id", match.place, text_node(some_id(match.text), match)});
  for (const char* word : {"from", "endpoints"}) {
    if (const Entry* written = words.find(word)) branch.entries.push_back(*written);
  }
  branch.entries.push_back({"expires", longest.place, text_node(longest.text, longest)});
  return {entry.key, entry.place, std::move(branch)};
}

}  // namespace

std::optional<WrittenClass> read_branch_class(const Entry& entry, const Address& project,
                                              const Declaring& declaring) {
  if (!entry.value.is_map()) return std::nullopt;
  const Address address = project.child("branch_classes", entry.key);
  const inside::Subject subject{declaring, address.text()};
  const inside::WrittenWords words = inside::read_words("branch_class", entry.value, subject);
  const Node* expires = words.value("expires");
  if (words.value("match") == nullptr || expires == nullptr) return std::nullopt;
  const inside::WrittenWords lifetimes =
      inside::read_words("branch_class.expires", *expires, subject);
  WrittenClass read{.branch_class = {.address = address,
                                     .match = words.text("match"),
                                     .undeclared = undeclared_of(words.text("undeclared")),
                                     .place = entry.place}};
  const bool has_ids = check_match(*words.value("match"), subject);
  if (!Lifetimes(lifetimes, subject).read(read.branch_class) || !has_ids) return std::nullopt;
  read.branch = branch_of(entry, words, *lifetimes.value("max"));
  return read;
}

void take_classes_out(Manifest& manifest) {
  const auto is_kept = [](const Declaration& each) { return !each.is_of_class; };
  const auto out =
      std::stable_partition(manifest.declarations.begin(), manifest.declarations.end(), is_kept);
  for (auto each = out; each != manifest.declarations.end(); ++each) {
    const auto owner =
        std::ranges::find_if(manifest.branch_classes, [&](const BranchClass& branch_class) {
          return each->address.is_within(branch_class.address);
        });
    owner->members.push_back(std::move(*each));
  }
  manifest.declarations.erase(out, manifest.declarations.end());
}

}  // namespace weir
