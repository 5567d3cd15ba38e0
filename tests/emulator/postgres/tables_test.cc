#include <gtest/gtest.h>

#include "emulator/postgres/admin_session.h"
#include "support.h"

namespace emulator::test {
namespace {

TableDefinition trips(const std::string& rows) {
  return {.place = {.database = "databricks_postgres", .schema = "shop", .name = "trips"},
          .columns = {{.name = "id", .type = "bigint", .is_nullable = false},
                      {.name = "fare", .type = "numeric(10,2)"},
                      {.name = "Stops", .type = "jsonb"},
                      {.name = "proof", .type = "bytea"}},
          .primary_key = {"id"},
          .rows = rows};
}

/// A cluster with a schema for tables of the service, an owner and somebody who only looks.
struct Shop {
  Shop() {
    world.create_root("br-main");
    world.create_role("br-main", {.name = "owner", .is_member_of_superuser = true});
    world.create_role("br-main", {.name = "reader"});
    socket = world.wake("br-main");
    prepare({.database = "databricks_postgres", .schema = "shop"});
  }

  Outcome prepare(const SchemaPlace& place) {
    return outcome_of(world.loop(), [&](const Computes::Done& done) {
      world.computes().prepare_schema("br-main", place, done);
    });
  }
  Outcome write(const TableDefinition& table) {
    return outcome_of(world.loop(), [&](const Computes::Done& done) {
      world.computes().write_table("br-main", table, done);
    });
  }
  Outcome drop() {
    return outcome_of(world.loop(), [&](const Computes::Done& done) {
      world.computes().drop_table("br-main", trips("[]").place, done);
    });
  }
  std::string ask(const std::string& statement) const { return sql(socket, statement); }
  /// The message with which PostgreSQL refuses `statement` to `role`; "" when it does not.
  std::string refusal_to(const std::string& role, const std::string& statement) const {
    AdminSession session(socket, "databricks_postgres");
    session.query("SET ROLE " + role);
    try {
      session.query(statement);
      return "";
    } catch (const SqlFailure& failure) {
      return failure.what();
    }
  }

  World world;
  std::string socket;
};

TEST(Tables, HoldTheRowsInTheColumnsOfTheirTypes) {
  Shop shop;
  const Outcome written = shop.write(
      trips(R"([{"id":1,"fare":12.5,"Stops":["a",{"b":null}],"proof":"3q2+7w=="},{"id":2}])"));
  EXPECT_EQ(written.message, "");
  EXPECT_EQ(shop.ask(R"(select id, fare, "Stops", proof from shop.trips order by id)"),
            R"(1|12.50|["a", {"b": null}]|\xdeadbeef,2|null|null|null)");
  EXPECT_EQ(shop.ask("select tableowner from pg_tables where tablename = 'trips'"),
            "databricks_writer");
  EXPECT_EQ(shop.ask("select contype from pg_constraint where conrelid = 'shop.trips'::regclass"),
            "p");
}

TEST(Tables, KeepTheirIndexesWhenTheyGetOtherRows) {
  Shop shop;
  shop.write(trips(R"([{"id":1}])"));
  EXPECT_EQ(shop.refusal_to("owner", "create index by_fare on shop.trips (fare)"), "");
  EXPECT_EQ(shop.write(trips(R"([{"id":2},{"id":3}])")).message, "");
  EXPECT_EQ(shop.ask("select id from shop.trips order by id"), "2,3");
  EXPECT_EQ(shop.ask("select count(*) from pg_indexes where tablename = 'trips'"), "2");
}

TEST(Tables, AreKnownAgainWhateverTheirTypes) {
  Shop shop;
  TableDefinition table = trips(R"([{"id":1,"code":"tea","at":"2026-08-20T12:00:00Z"}])");
  table.columns = {{.name = "id", .type = "bigint"},
                   {.name = "code", .type = "character varying(3)"},
                   {.name = "at", .type = "timestamp with time zone"},
                   {.name = "rate", .type = "double precision"}};
  EXPECT_EQ(shop.write(table).message, "");
  EXPECT_EQ(shop.refusal_to("owner", "create index by_code on shop.trips (code)"), "");
  EXPECT_EQ(shop.write(table).message, "");
  EXPECT_EQ(shop.ask("select count(*) from pg_indexes where tablename = 'trips'"), "2");
  table.rows = R"([{"id":1,"code":"cake"}])";
  EXPECT_NE(shop.write(table).message.find("too long"), std::string::npos);
}

TEST(Tables, NameTheExtensionThatTheyMiss) {
  Shop shop;
  TableDefinition table = trips("[]");
  table.columns.push_back({.name = "place", .type = "vector(3)", .extension = "no_such_thing"});
  EXPECT_EQ(shop.write(table).message, "The extension \"no_such_thing\" is not installed here.");
}

TEST(Tables, TakeOtherColumnsWhenTheSourceHas) {
  Shop shop;
  shop.write(trips(R"([{"id":1}])"));
  TableDefinition other = trips(R"([{"id":1,"fare":"cheap"}])");
  other.columns[1].type = "text";
  EXPECT_EQ(shop.write(other).message, "");
  EXPECT_EQ(shop.ask("select fare from shop.trips"), "cheap");
}

TEST(Tables, AreReadAndDroppedByMembersButNotWritten) {
  Shop shop;
  shop.write(trips(R"([{"id":1}])"));
  EXPECT_EQ(shop.refusal_to("owner", "select * from shop.trips"), "");
  for (const char* statement : {"insert into shop.trips values (2)", "delete from shop.trips",
                                "update shop.trips set fare = 1", "truncate shop.trips"}) {
    EXPECT_NE(shop.refusal_to("owner", statement), "") << statement;
  }
  EXPECT_NE(shop.refusal_to("reader", "select * from shop.trips"), "");
  EXPECT_EQ(shop.refusal_to("owner", "drop table shop.trips"), "");
}

TEST(Tables, StayAsTheyWereWhenRowsDoNotFit) {
  Shop shop;
  shop.write(trips(R"([{"id":1}])"));
  EXPECT_NE(shop.write(trips(R"([{"id":2},{"id":2}])")).error_code, "");
  EXPECT_NE(shop.write(trips(R"([{"id":3,"fare":"much"}])")).error_code, "");
  EXPECT_NE(shop.write(trips(R"([{"id":4,"Stops":"\u0000"}])")).error_code, "");
  EXPECT_EQ(shop.ask("select id from shop.trips"), "1");
}

TEST(Tables, KeepTheLatestOfRowsWithOneKey) {
  Shop shop;
  TableDefinition table = trips(R"([{"id":1,"fare":1},{"id":1,"fare":3},{"id":1,"fare":2}])");
  table.latest_by = "fare";
  EXPECT_EQ(shop.write(table).message, "");
  EXPECT_EQ(shop.ask("select fare from shop.trips"), "3.00");
}

TEST(Tables, ComputeTheirGeneratedColumnsWithoutOurRights) {
  Shop shop;
  TableDefinition table = trips(R"([{"id":1,"fare":2}])");
  table.columns.push_back({.name = "double", .type = "numeric", .generated_as = "fare * 2"});
  EXPECT_EQ(shop.write(table).message, "");
  EXPECT_EQ(shop.ask("select double from shop.trips"), "4.00");

  shop.ask(
      "create function shop.who(bigint) returns text immutable language sql "
      "as 'select current_user::text'");
  table.columns.back() = {.name = "double", .type = "text", .generated_as = "shop.who(id)"};
  EXPECT_EQ(shop.write(table).message, "");
  EXPECT_EQ(shop.ask("select double from shop.trips"), "databricks_writer");
}

TEST(Tables, OfOthersAreNeitherWrittenNorDropped) {
  Shop shop;
  shop.ask("create table shop.trips (id int)");
  const Outcome written = shop.write(trips("[]"));
  EXPECT_EQ(written.error_code, "BAD_REQUEST");
  EXPECT_NE(written.message.find("is there already"), std::string::npos) << written.message;
  EXPECT_EQ(shop.drop().error_code, "");
  EXPECT_EQ(shop.ask("select count(*) from pg_tables where tablename = 'trips'"), "1");
}

TEST(Tables, AreGoneAfterADropAndADropOfNothingIsFine) {
  Shop shop;
  shop.write(trips("[]"));
  EXPECT_EQ(shop.drop().message, "");
  EXPECT_EQ(shop.ask("select count(*) from pg_tables where tablename = 'trips'"), "0");
  EXPECT_EQ(shop.drop().message, "");
}

TEST(Tables, NeedASchemaThatIsThereOrMayBeMade) {
  Shop shop;
  const SchemaPlace place{
      .database = "databricks_postgres", .schema = "other", .may_be_made = false};
  EXPECT_EQ(shop.prepare(place).error_code, "NOT_FOUND");
  EXPECT_EQ(shop.prepare({.database = "databricks_postgres", .schema = "other"}).error_code, "");
  EXPECT_EQ(shop.prepare(place).error_code, "");
  EXPECT_EQ(shop.prepare({.database = "nothing", .schema = "other"}).error_code, "NOT_FOUND");
}

TEST(Tables, ShowTheirOwnerInNoListOfRoles) {
  Shop shop;
  const Inventory inventory = shop.world.inspect("br-main").value_or(Inventory());
  ASSERT_EQ(inventory.roles.size(), 2U);
  EXPECT_EQ(shop.world.create_role("br-main", {.name = "databricks_writer"}).error_code,
            "BAD_REQUEST");
}

}  // namespace
}  // namespace emulator::test
