// SPDX-License-Identifier: BSL-1.0
// The files under one folder, and nothing else: no `..`, no encoded one, no symbolic link gets out. The kernel judges the
// path while it opens it (openat2 with RESOLVE_BENEATH), so that nothing can change in between.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace support {

class open_file {
public:
    open_file() = default;
    open_file(int descriptor, std::uint64_t size) noexcept : descriptor_{descriptor}, size_{size} {}
    open_file(open_file&& other) noexcept : descriptor_{std::exchange(other.descriptor_, -1)}, size_{other.size_} {}
    open_file& operator=(open_file&& other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~open_file() { if (descriptor_ >= 0) ::close(descriptor_); }

    explicit operator bool() const noexcept { return descriptor_ >= 0; }
    int descriptor() const noexcept { return descriptor_; }
    std::uint64_t size() const noexcept { return size_; }

private:
    int descriptor_{-1};
    std::uint64_t size_{};
};

// RFC 3986, 2.1. Nothing for a broken escape and for an octet that no file name has.
inline std::optional<std::string> decode_percent(std::string_view text) {
    auto const digit = [](char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    };
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (text.size() - i < 3 || digit(text[i + 1]) < 0 || digit(text[i + 2]) < 0) return std::nullopt;
            c = static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        }
        if (c == '\0') return std::nullopt;
        result += c;
    }
    return result;
}

class file_root {
public:
    explicit file_root(char const* folder) noexcept : folder_{::open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC)} {}
    file_root(file_root const&) = delete;
    file_root& operator=(file_root const&) = delete;
    ~file_root() { if (folder_ >= 0) ::close(folder_); }

    explicit operator bool() const noexcept { return folder_ >= 0; }

    // `path` is decoded and begins with a slash; that of a folder means its index.html.
    open_file open(std::string path) const {
        path.erase(0, path.find_first_not_of('/'));
        if (path.empty() || path.back() == '/') path += "index.html";
        open_how how{};
        how.flags   = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;  // a FIFO must not hold us
        how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
        auto const descriptor = static_cast<int>(::syscall(SYS_openat2, folder_, path.c_str(), &how, sizeof how));
        if (descriptor < 0) return {};
        struct stat facts{};
        bool const regular = ::fstat(descriptor, &facts) == 0 && S_ISREG(facts.st_mode);
        if (regular) return {descriptor, static_cast<std::uint64_t>(facts.st_size)};
        ::close(descriptor);
        return {};
    }

private:
    int folder_;
};

}  // namespace support
