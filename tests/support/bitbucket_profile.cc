#include "support/bitbucket_profile.hh"

namespace connector::support {

BitbucketProfile bitbucket_5() {
  return {"5.16.11", false, false, false};
}
BitbucketProfile bitbucket_7_4() {
  return {"7.4.2", true, false, false};
}
BitbucketProfile bitbucket_7() {
  return {"7.21.23", true, true, false};
}
BitbucketProfile bitbucket_8() {
  return {"8.19.12", true, true, true};
}
BitbucketProfile bitbucket_10() {
  return {"10.2.0", true, true, true};
}

}  // namespace connector::support
