// A 401 is a wrong login or a missing right, and Bitbucket does not always say which.
#include "core/peer/login_proof.hh"

#include <gtest/gtest.h>

namespace connector {
namespace {

const Delivery refused{.result = DeliveryResult::bad_login};

TEST(Refusal, OfTheFirstRequestIsAWrongLogin) {
  LoginProof login;
  EXPECT_EQ(login.judged(refused).result, DeliveryResult::bad_login);
}

TEST(Refusal, AfterASuccessIsAMissingRight) {
  LoginProof login;
  login.works();
  EXPECT_EQ(login.judged(refused).result, DeliveryResult::not_permitted);
  EXPECT_EQ(login.judged(refused).result, DeliveryResult::bad_login) << "but not of a second repository";
}

TEST(Refusal, ThatSaysThatTheAccountIsClosedIsBelieved) {
  LoginProof login;
  login.works();
  EXPECT_EQ(login.judged({.result = DeliveryResult::bad_login, .account_closed = true}).result,
            DeliveryResult::bad_login);
}

}  // namespace
}  // namespace connector
