#include "emulator/postgres/startup_message.h"

#include <gtest/gtest.h>

namespace emulator::test {
namespace {

using ::std::string_literals::operator""s;

std::string packet(const std::string& body) {
  const auto length = static_cast<unsigned>(body.size() + 4);
  std::string bytes;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    bytes += static_cast<char>(length >> shift & 0xFFU);
  }
  return bytes + body;
}

std::string refusal_of(const std::string& message) {
  const Startup startup = parse_startup(message);
  const auto* malformed = std::get_if<MalformedStartup>(&startup);
  return malformed == nullptr ? "accepted" : malformed->sqlstate;
}

TEST(StartupMessage, HasUserDatabaseAndOtherParameters) {
  const Startup startup = parse_startup(packet(
      "\0\3\0\0user\0anna\0database\0shop\0application_name\0psql\0client_encoding\0UTF8\0\0"s));

  ASSERT_TRUE(std::holds_alternative<StartupMessage>(startup));
  const auto& message = std::get<StartupMessage>(startup);
  EXPECT_EQ(message.user, "anna");
  EXPECT_EQ(message.database, "shop");
  ASSERT_EQ(message.parameters.size(), 2U);
  EXPECT_EQ(message.parameters[0].first, "application_name");
  EXPECT_EQ(message.parameters[1].second, "UTF8");
}

TEST(StartupMessage, TakesTheUserForTheDatabaseWhenThereIsNone) {
  const Startup startup = parse_startup(packet("\0\3\0\0user\0anna\0\0"s));

  EXPECT_EQ(std::get<StartupMessage>(startup).database, "anna");
}

TEST(StartupMessage, ComesOutAsItWentIn) {
  const StartupMessage message{.user = "anna",
                               .database = "shop",
                               .parameters = {{"options", "-c x=y"}},
                               .protocol_options = {}};

  EXPECT_EQ(std::get<StartupMessage>(parse_startup(startup_bytes(message))), message);
}

TEST(StartupMessage, KeepsOptionsOfLaterProtocolsApart) {
  const Startup startup = parse_startup(packet("\0\3\0\2user\0anna\0_pq_.magic\0on\0\0"s));

  const auto& message = std::get<StartupMessage>(startup);
  EXPECT_EQ(message.minor_version, 2);
  EXPECT_EQ(message.protocol_options, std::vector<std::string>{"_pq_.magic"});
  EXPECT_TRUE(message.parameters.empty());
}

TEST(StartupMessage, MayBeARequestForEncryptionOrCancellation) {
  EXPECT_TRUE(std::holds_alternative<TlsRequest>(parse_startup(packet("\x04\xD2\x16\x2F"s))));
  EXPECT_TRUE(std::holds_alternative<GssRequest>(parse_startup(packet("\x04\xD2\x16\x30"s))));
  const std::string cancel = packet("\x04\xD2\x16\x2E"s + "\0\0\x12\x34"s + "\1\2\3\4"s);
  const Startup startup = parse_startup(cancel);
  ASSERT_TRUE(std::holds_alternative<CancelRequest>(startup));
  EXPECT_EQ(std::get<CancelRequest>(startup).bytes, cancel);
}

TEST(StartupMessage, IsRefusedWhenItIsNotWellFormed) {
  EXPECT_EQ(refusal_of(""), "08P01");
  EXPECT_EQ(refusal_of("\0\0\0\x08\0\3\0"s), "08P01");
  EXPECT_EQ(refusal_of("\0\0\0\x09\0\3\0\0"s), "08P01");
  EXPECT_EQ(refusal_of(packet("\0\3\0\0"s)), "08P01");
  EXPECT_EQ(refusal_of(packet("\0\3\0\0user"s)), "08P01");
  EXPECT_EQ(refusal_of(packet("\0\3\0\0user\0anna"s)), "08P01");
  EXPECT_EQ(refusal_of(packet("\0\3\0\0user\0anna\0"s)), "08P01");
  EXPECT_EQ(refusal_of(packet("\0\3\0\0user\0anna\0\0x"s)), "08P01");
  EXPECT_EQ(refusal_of(packet("\x04\xD2\x16\x2E"s + "\0\0\0\1"s)), "08P01");
  EXPECT_EQ(refusal_of(packet("\0\3\0\0user\0"s + std::string(10000, 'x') + "\0\0"s)), "08P01");
}

TEST(StartupMessage, IsRefusedWithoutAUser) {
  EXPECT_EQ(refusal_of(packet("\0\3\0\0\0"s)), "28000");
  EXPECT_EQ(refusal_of(packet("\0\3\0\0user\0\0\0"s)), "28000");
}

TEST(StartupMessage, IsRefusedForReplicationAndOldProtocols) {
  EXPECT_EQ(refusal_of(packet("\0\3\0\0user\0anna\0replication\0true\0\0"s)), "0A000");
  EXPECT_EQ(refusal_of(packet("\0\3\0\0user\0anna\0replication\0database\0\0"s)), "0A000");
  EXPECT_EQ(refusal_of(packet("\0\3\0\0user\0anna\0replication\0false\0\0"s)), "accepted");
  EXPECT_EQ(refusal_of(packet("\0\2\0\0user\0anna\0\0"s)), "0A000");
}

TEST(StartupMessage, HasALimitedNumberOfParameters) {
  std::string body = "\0\3\0\0user\0anna\0"s;
  for (int i = 0; i < 100; ++i) body += "a\0b\0"s;

  EXPECT_EQ(refusal_of(packet(body + '\0')), "08P01");
}

}  // namespace
}  // namespace emulator::test
