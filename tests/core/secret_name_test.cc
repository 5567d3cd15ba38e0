#include "core/secret_name.h"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(SecretName, KnowsWhatPasswordsAndTokensAreCalled) {
  for (const char* name :
       {"app.password", "app.PASSWD", "app.pwd", "db-pass", "app.passphrase", "app.encryption_key",
        "app.jwt", "app.pat", "app.bearer", "app.dsn", "app.apiKey", "clientSecret", "my_token"}) {
    EXPECT_TRUE(is_secret_name(name)) << name;
  }
  for (const char* name : {"search_path", "app.pattern", "app.passes", "primary_key", "work_mem",
                           "app.jwtish", "jwt_role_claim", "compass", "", "."}) {
    EXPECT_FALSE(is_secret_name(name)) << name;
  }
}

TEST(SecretName, KnowsHowSecretsLook) {
  for (const char* value :
       {"postgres://u:hunter2@h/db", "see https://u:p@host", "host=h password=hunter2",
        "dapi0123456789abcdef0123456789abcdef", "Bearer eyJhbGciOiJIUzI1NiJ9.e30.x",
        "-----BEGIN PRIVATE KEY-----", "key=AKIAIOSFODNN7EXAMPLE"}) {
    EXPECT_TRUE(is_secret_value(value)) << value;
  }
  for (const char* value :
       {"app, public", "postgres://host:5432/db", "postgres://u@host:5432/a@b:c", "64MB", "dapi",
        "dose", "https://host/a:b@c", "", "://"}) {
    EXPECT_FALSE(is_secret_value(value)) << value;
  }
}

}  // namespace
}  // namespace weir
