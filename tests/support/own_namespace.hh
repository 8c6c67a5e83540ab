// A piece of a test in namespaces of its own: its own network, its own view of files, its own process
// numbers.
#pragma once

#include <functional>
#include <string>

namespace connector::support {

/// Runs `body` in a thread with new namespaces (of CLONE_NEWNET, CLONE_NEWNS, CLONE_NEWPID), which threads
/// and processes it starts share, the first process as number 1. In a new network the loopback is up and
/// there is nothing else; mounts in a new view of files are seen by nobody else. Returns why it was not run,
/// where that is not permitted; empty when it was.
std::string in_own_namespace(int kinds, const std::function<void()>& body);

/// Lets `path` show the file at `shown` in the calling thread's own view of files. Throws std::system_error.
void mount_over(const std::string& path, const std::string& shown);

}  // namespace connector::support
