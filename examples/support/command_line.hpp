#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace support {

/// A command line of long options. All values are read as text: whoever needs a number says what is
/// wrong with the text in one way, by `usage_error`.
class command_line {
public:
    /// `about` comes before the options in --help, `epilogue` (examples, exit codes) behind them.
    command_line(std::string program, std::string about, std::string epilogue);

    /// An option with a value, described by `help`.
    command_line& add(
        std::string name, std::string value_name, std::string help, std::string by_default = {});
    /// An option with a value that may come many times.
    command_line& add_many(std::string name, std::string value_name, std::string help);
    /// An option without a value.
    command_line& add_flag(std::string name, std::string help);

    /// Reads the arguments. Throws `early_exit` for --help and --version, and `usage_error`.
    void parse(int argc, const char* const* argv);

    bool has(const std::string& name) const { return values_.count(name) > 0; }
    /// Whether it was on the command line: a default doesn't count.
    bool given(const std::string& name) const;
    /// The option's value or its default; empty if it has neither.
    std::string get(const std::string& name) const;
    std::vector<std::string> get_many(const std::string& name) const;

private:
    std::string help() const;

    std::string program_, about_, epilogue_;
    boost::program_options::options_description options_;
    boost::program_options::variables_map values_;
};

} // namespace support
