#include "manifest/manifest_rules.h"

#include <array>

namespace weir {
namespace {

constexpr std::string_view kLanguage = "the manifest language";

constexpr RuleText text(const char* id, std::string_view summary) {
  return {.id = id, .summary = summary, .source = kLanguage};
}

constexpr std::array kTexts = {
    text(rule::kMissingPath, "A file or folder that was named does not exist."),
    text(rule::kUnreadable, "A file cannot be read, or is no regular file."),
    text(rule::kLeavesFolder, "A symbolic link in a folder of manifests leads out of the folder."),
    text(rule::kTooMuch, "At most 1,000 files with 64 MiB in all make one manifest."),
    text(rule::kNoManifests, "A folder has no file that ends in .yaml or .yml."),
    text(rule::kVersion, "Each file begins with `version: weir/v1`."),
    text(rule::kSetTwice, "Files merge by path, and each path is set in one file only."),
    text(rule::kTooMany,
         "A manifest has at most 64 environments, 1,000 variables, 1,000 outputs, 200,000 "
         "resources, and 500,000 wishes for the inside of databases."),
    text(rule::kUnknownEnvironment, "The chosen environment is one of `environments:`."),
    text(rule::kNoEnvironment, "A manifest with environments is read for one of them."),
    text(rule::kNotPatchable,
         "A patch changes declarations; header, variables and environments stay as they are."),
    text(rule::kRemovesNothing, "A null in a patch removes something that exists."),
    text(rule::kUnknownVariable, "A value is given only to a declared variable."),
    text(rule::kVariable, "A variable has a type, and where it may be left out a default."),
    text(rule::kNoValue, "A variable without a default is given a value."),
    text(rule::kVariableType, "A variable's value has its type."),
    text(rule::kSecret,
         "A secret variable says with `from:` where it comes from, and has no value here."),
    text(rule::kSecretMisplaced, "A secret variable stands only where a secret is wanted, alone."),
    text(rule::kSecretWanted, "A secret comes from a secret variable, never from the manifest."),
    text(rule::kNotLookedUp, "Values of variables are taken as they are: no ${…} inside them."),
    text(rule::kExpression, "An interpolation is ${name}; $${ stands for the characters ${."),
    text(rule::kUnknownName,
         "An interpolation names a variable, env.name, each.key or each.value."),
    text(rule::kNotText, "Only texts, numbers and booleans go into a longer text."),
    text(rule::kOutputMisplaced,
         "What only the workspace knows of a resource is for `outputs:` alone."),
    text(rule::kUnknownPath, "A path in ${projects.…} leads to something declared."),
    text(rule::kForEach,
         "`for_each` repeats a member whose key has ${each.key}, over a list or a map."),
    text(rule::kSameKey, "Each key of a map stands there once, also after interpolation."),
    text(rule::kExpansion,
         "Variables and for_each make at most 10,000 members, 100,000 values and 8 MiB of text."),
    text(rule::kUnknownKey, "A key is a field, a collection or a word of the language."),
    text(rule::kShape, "A value has the shape that its key wants: a map, a list or a text."),
    text(rule::kValue, "A field's value has the form that the field wants."),
    text(rule::kRequired, "A required field is written."),
    text(rule::kDerived, "A field that follows from others is not written."),
    text(rule::kExcludes, "Fields that exclude each other are not written together."),
    text(rule::kNeeds, "A field that needs another one is written with it."),
    text(rule::kExactlyOne, "Exactly one of the fields that say the same thing is written."),
    text(rule::kNullMember, "A member with nothing behind its key declares nothing."),
    text(rule::kReference, "A reference names something that is declared in its scope."),
    text(rule::kCycle, "References do not lead in a circle."),
    text(rule::kSameName, "Two declarations do not stand for the same resource."),
    text(rule::kLifecycle, "`lifecycle` has protect, on_remove, adopt and ignore."),
    text(rule::kId, "`id` is a text that can name the resource."),
    text(rule::kName, "A manifest has a name: what weir owns is kept under it."),
    text(rule::kProfile,
         "An access profile that is named is weir's own or declared, and has a name of its own."),
    text(rule::kPrivilege, "A privilege exists for what it is about; none stands alone."),
    text(rule::kObjectName,
         "An object is named behind its schema, a function with the types of its arguments."),
    text(rule::kTwoTargets, "A manifest is for a workspace or for a server, not for both."),
    text(rule::kServerBranch,
         "A server stands for exactly one branch, which is declared with its roles."),
};

}  // namespace

std::span<const RuleText> all_manifest_rules() {
  return kTexts;
}

}  // namespace weir
