#include <corostream/core/escape.hpp>
#include <corostream/version.hpp>
#include <support/command_line.hpp>
#include <support/early_exit.hpp>
#include <support/usage_error.hpp>

#include <boost/make_shared.hpp>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/value_semantic.hpp>

#include <sstream>
#include <utility>

namespace support {

namespace po = boost::program_options;

namespace {

void add_to(po::options_description& options, const std::string& name,
    const po::value_semantic* value, const std::string& help)
{
    options.add(boost::make_shared<po::option_description>(name.c_str(), value, help.c_str()));
}

} // namespace

command_line::command_line(std::string program, std::string about, std::string epilogue)
    : program_(std::move(program))
    , about_(std::move(about))
    , epilogue_(std::move(epilogue))
    , options_("Options", 100, 60)
{
}

command_line& command_line::add(
    std::string name, std::string value_name, std::string help, std::string by_default)
{
    auto* value = po::value<std::string>()->value_name(value_name);
    if (!by_default.empty()) value->default_value(by_default);
    add_to(options_, name, value, help);
    return *this;
}

command_line& command_line::add_many(std::string name, std::string value_name, std::string help)
{
    add_to(options_, name,
        po::value<std::vector<std::string>>()->composing()->value_name(value_name), help);
    return *this;
}

command_line& command_line::add_flag(std::string name, std::string help)
{
    add_to(options_, name, new po::untyped_value(true), help);
    return *this;
}

void command_line::parse(int argc, const char* const* argv)
{
    add_flag("help,h", "print this and exit");
    add_flag("version", "print the version and exit");
    namespace style = po::command_line_style;
    try {
        const auto parsed = po::command_line_parser(argc, argv)
                                .options(options_)
                                .style(style::unix_style & ~style::allow_guessing)
                                .run();
        for (const auto& option : parsed.options)
            if (option.position_key >= 0)
                throw usage_error(
                    "unexpected argument '" + corostream::escape(option.value.front()) + "'");
        po::store(parsed, values_);
    } catch (const po::error& e) {
        throw usage_error(corostream::escape(e.what()));
    }
    if (has("help")) throw early_exit(help());
    if (has("version")) throw early_exit(program_ + " " + std::string(corostream::version) + "\n");
}

bool command_line::given(const std::string& name) const
{
    return has(name) && !values_[name].defaulted();
}

std::string command_line::get(const std::string& name) const
{
    const auto& value = values_[name];
    return value.empty() ? std::string() : value.as<std::string>();
}

std::vector<std::string> command_line::get_many(const std::string& name) const
{
    const auto& value = values_[name];
    return value.empty() ? std::vector<std::string>() : value.as<std::vector<std::string>>();
}

std::string command_line::help() const
{
    std::ostringstream listed;
    listed << options_;
    auto options = listed.str(); // wrapped lines of it end with a space
    for (auto at = options.find(" \n"); at != std::string::npos; at = options.find(" \n"))
        options.erase(at, 1);
    return about_ + '\n' + options + '\n' + epilogue_;
}

} // namespace support
