// SPDX-License-Identifier: BSL-1.0
// SHA-256 by OpenSSL's libcrypto, as octets come.
#pragma once
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>

#include <openssl/evp.h>

namespace support {

class sha256 {
public:
    sha256() { expect(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1); }

    void add(std::span<std::byte const> octets) { expect(EVP_DigestUpdate(context_.get(), octets.data(), octets.size()) == 1); }

    // Once, after the last octet: 64 hexadecimal digits.
    std::string hexadecimal() {
        std::array<unsigned char, 32> digest{};
        expect(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1);
        std::string text;
        for (auto const octet : digest) {
            text += "0123456789abcdef"[octet >> 4];
            text += "0123456789abcdef"[octet & 15];
        }
        return text;
    }

private:
    struct freed {
        void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
    };
    static void expect(bool done) {
        if (!done) throw std::runtime_error{"SHA-256: libcrypto refuses"};
    }

    std::unique_ptr<EVP_MD_CTX, freed> context_{EVP_MD_CTX_new()};
};

inline std::string sha256_of(std::span<std::byte const> octets) {
    sha256 digest;
    digest.add(octets);
    return digest.hexadecimal();
}

}  // namespace support
