// How messages are to look on stderr, which depends on what it is connected to.
#pragma once

#include <string>

#include "config/command_line.hh"
#include "config/config.hh"
#include "config/environment.hh"

namespace connector::report {

/// What a descriptor is connected to.
struct Stream {
  bool is_terminal = false;
  std::string identity;  ///< "device:inode" in decimal, as in systemd's JOURNAL_STREAM; empty when unknown
};

Stream stream_of(int descriptor);

/// What is added to plain lines.
struct Look {
  bool colours = false;     ///< for the word that tells the level
  bool priorities = false;  ///< "<3>" and the like before each line (sd-daemon(3))
  bool progress = false;    ///< between the messages, a line that tells how far a long pass has come
};

/// Whether the stream leads to the journal. The variable alone is no proof: processes whose streams lead
/// elsewhere inherit it, too (systemd.exec(5)).
bool is_journal(const Stream& stream, const config::Environment& environment);

/// The look of messages on this stream. People at a terminal get colours unless NO_COLOR or --no-color
/// forbids it (no-color.org), and progress unless they asked for quiet or look at the log of a CI job.
Look look_of(const Stream& stream, const config::Environment& environment, const config::Log& log,
             const config::Options& options);

}  // namespace connector::report
