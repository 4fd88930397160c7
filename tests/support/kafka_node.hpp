#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

/// A real Kafka of a test's own, of one node or three, to be killed or set up in its own way:
/// scripts/kafka, in a folder of its own.
class kafka_node {
public:
    /// Starts it; `properties` are lines of server.properties.
    explicit kafka_node(const std::string& properties = {}, int nodes = 1)
    {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing changes the environment
        const char* script = std::getenv("KAFKA_SCRIPT");
        if (!script) throw std::runtime_error("KAFKA_SCRIPT names no scripts/kafka");
        std::string folder
            = (std::filesystem::temp_directory_path() / "corostream-test-XXXXXX").string();
        if (!mkdtemp(folder.data())) throw std::runtime_error("no temporary folder");
        folder_ = folder;
        command_ = "KAFKA_DIR='" + folder + "' KAFKA_PORT=auto KAFKA_PROPERTIES='" + properties
                 + "' '" + script + "' ";
        brokers_ = run("start " + std::to_string(nodes)); // its last line
        brokers_.pop_back();
        brokers_.erase(0, brokers_.rfind('\n') + 1);
    }
    kafka_node(const kafka_node&) = delete;
    kafka_node& operator=(const kafka_node&) = delete;
    ~kafka_node()
    {
        try {
            run("stop");
        } catch (const std::exception& e) {
            ADD_FAILURE() << e.what();
        }
    }

    const std::string& brokers() const { return brokers_; }
    void kill(int node = 1) const { run("kill " + std::to_string(node)); }
    void boot(int node = 1) const { run("boot " + std::to_string(node)); }
    void freeze(int node) const { run("freeze " + std::to_string(node)); }
    void thaw(int node) const { run("thaw " + std::to_string(node)); }

private:
    std::string run(const std::string& what) const
    {
        std::string output;
        // NOLINTNEXTLINE(cert-env33-c): our own script
        std::FILE* process = popen((command_ + what + " 2>&1").c_str(), "r");
        if (!process) throw std::runtime_error("cannot run scripts/kafka");
        std::array<char, 256> part{};
        while (std::fgets(part.data(), part.size(), process)) output += part.data();
        if (pclose(process) != 0) throw std::runtime_error("kafka " + what + ": " + output);
        return output;
    }

    std::string folder_, command_, brokers_;
};
