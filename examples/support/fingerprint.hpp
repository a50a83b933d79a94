// SPDX-License-Identifier: BSL-1.0
// SHA-256 by OpenSSL's libcrypto, looked up when it is first needed: an example that wants a fingerprint should not make
// every example link a cryptographic library.
#pragma once
#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

#include <dlfcn.h>

namespace support {

using sha256_digest = std::array<unsigned char, 32>;

inline sha256_digest fingerprint(std::span<std::byte const> octets) {
    using digest_function = int (*)(void*, char const*, char const*, void const*, std::size_t, unsigned char*, std::size_t*);
    static auto const digest = [] {
        void* library = nullptr;
        for (auto const* name : {"libcrypto.so.3", "libcrypto.so"})
            if (library == nullptr) library = ::dlopen(name, RTLD_NOW);
        return library == nullptr ? nullptr : reinterpret_cast<digest_function>(::dlsym(library, "EVP_Q_digest"));
    }();
    sha256_digest out{};
    std::size_t length = out.size();
    if (digest == nullptr || digest(nullptr, "SHA256", nullptr, octets.data(), octets.size(), out.data(), &length) != 1) {
        std::fputs("no SHA-256: libcrypto of OpenSSL 3 is needed (Debian: libssl3)\n", stderr);
        std::exit(2);
    }
    return out;
}

inline std::string hexadecimal(sha256_digest const& digest) {
    constexpr auto digits = "0123456789abcdef";
    std::string text;
    for (auto const octet : digest) {
        text += digits[octet >> 4];
        text += digits[octet & 15];
    }
    return text;
}

}  // namespace support
