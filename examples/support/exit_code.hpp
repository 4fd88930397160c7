#pragma once

namespace support {

inline constexpr int exit_success = 0; ///< also after a graceful stop
inline constexpr int exit_failure = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_at_once = 130; ///< a second signal

} // namespace support
