// Dialogues: golden text files that show what a client says and what the emulator answers.
//
//   # What the scenario shows, in a sentence.
//   @ start --latency create=2s        options of the emulator, before everything else
//   > POST /api/2.0/postgres/projects?project_id=shop
//   > {"spec": {"display_name": "Shop"}}
//   < 200
//   < { ... }                          written by UPDATE_GOLDEN=1, reviewed like code
//   > GET /api/2.0/postgres/{operation}  the operation that the last answer named
//   @ advance 3600s                    moves the clock, which stands still otherwise
//   @ as jane@example.com              speaks as somebody else; "@ as nobody" sends no token
//   @ service-principal ci             makes one; {client} in a header is its id and secret in
//   base64
//   @ as service-principal             speaks as the last one
//   @ header X-Name: value             adds a header to the next request
#pragma once

#include <filesystem>
#include <string>

namespace emulator {

/// Plays the dialogue in `text` and gives it back with the answers that really came.
std::string play_dialogue(const std::string& text);

std::string read_text(const std::filesystem::path& file);

}  // namespace emulator
