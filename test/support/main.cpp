// SPDX-License-Identifier: BSL-1.0
// The main function of every test executable (linked Boost.Test).
#define BOOST_TEST_MODULE tenon
#include <boost/test/unit_test.hpp>
#include <regex>

#include "record.hpp"
#include "requirement.hpp"

namespace {
tenon::test::record const kept;
}

std::vector<std::string> tenon::test::requirements_in(std::string const& citation) {
    static std::regex const id{R"(\b(MUST-|SHLD-|MAY-|REC-|[0-9]{4}-u?)([0-9]{1,3})\b(?: to \1([0-9]{1,3})\b)?)"};
    std::vector<std::string> all;
    for (std::sregex_iterator i{citation.begin(), citation.end(), id}, end; i != end; ++i) {
        int const first = std::stoi((*i)[2]);
        int const last  = (*i)[3].matched ? std::stoi((*i)[3]) : first;
        for (int n = first; n <= last; ++n) all.push_back((*i)[1].str() + std::to_string(n));
    }
    return all;
}
