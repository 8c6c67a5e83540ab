// --check against the fake peers, with a build of two pipelines: what its tests share.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "end_to_end/program.hh"

namespace connector::support {

struct CheckWorld : testing::Test {
  CheckWorld() {
    program.peers.organization.add(program.a_build_of("web").commit(commit_named("1")).passed());
    program.peers.organization.add(program.a_build_of("deploy").commit(commit_named("2")).passed());
  }
  ProcessResult check(const std::string& option = "--check") { return program.run({option}); }
  static bool says(const ProcessResult& result, const std::string& text) {
    return result.out.find(text) != std::string::npos;
  }
  /// A pipeline whose repository is on a host that nothing is known of.
  void add_pipeline_on(const std::string& clone_url, const std::string& slug) {
    program.peers.organization.add(program.a_build_of(slug).in_repository(clone_url).passed());
  }

  Program program;
};

}  // namespace connector::support
