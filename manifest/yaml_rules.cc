#include "manifest/yaml_rules.h"

#include <array>

namespace weir {
namespace {

constexpr std::string_view kYaml = "YAML 1.2.2";
constexpr std::string_view kWeir = "manifest language, rule 9";

constexpr std::array kRules = {
    RuleText{yaml_rule::kFileSize, "A file has at most 16 MiB.", kWeir},
    RuleText{yaml_rule::kEncoding, "A file is UTF-8 text.", "YAML 1.2.2, 5.2"},
    RuleText{yaml_rule::kForbiddenCharacter,
             "No control characters, direction marks or invisible line ends; a text may have them "
             "escaped, but for NUL.",
             kWeir},
    RuleText{yaml_rule::kSyntax, "A file is well-formed YAML 1.2 or JSON.", kYaml},
    RuleText{yaml_rule::kDepth, "Maps and lists nest at most 64 levels deep.", kWeir},
    RuleText{yaml_rule::kNodes, "A file has at most 1,000,000 values.", kWeir},
    RuleText{yaml_rule::kScalarSize, "A value has at most 256 KiB, a key at most 256 bytes.",
             kWeir},
    RuleText{yaml_rule::kSecondDocument, "A file has one document.", kWeir},
    RuleText{yaml_rule::kDirective, "A file has no YAML directives.", kWeir},
    RuleText{yaml_rule::kDuplicateKey, "A key stands once in its map.", "YAML 1.2.2, 3.2.1.1"},
    RuleText{yaml_rule::kMergeKey, "Merge keys (<<) are not part of YAML 1.2.", kWeir},
    RuleText{yaml_rule::kTag, "Values have no tags.", kWeir},
    RuleText{yaml_rule::kKey, "Keys are texts, numbers or booleans.", kWeir},
    RuleText{yaml_rule::kAlias, "An alias stands for a value that ends before it.", kWeir},
    RuleText{yaml_rule::kLeadingZero, "Numbers have no leading zeros.", kWeir},
    RuleText{yaml_rule::kNumber, "Numbers are finite and fit into 64 bits.", kWeir},
    RuleText{yaml_rule::kTooManyMistakes, "Reading ends after 100 mistakes in one file.", kWeir},
    RuleText{yaml_rule::kExpansion,
             "A file has at most 10,000 anchors, and all aliases stand for at most 200,000 values.",
             kWeir},
    RuleText{yaml_rule::kLayout, "Formatting keeps the meaning of a file.", "weir fmt"},
};

}  // namespace

std::span<const RuleText> all_yaml_rules() {
  return kRules;
}

}  // namespace weir
