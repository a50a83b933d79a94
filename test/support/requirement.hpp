// SPDX-License-Identifier: BSL-1.0
// The ids of requirements (test/conformance/requirements.csv) as labels of test cases:
//   BOOST_AUTO_TEST_CASE(name, *requirement("MUST-2, MUST-3"))
// A citation will do as well; what is no id in it ("RFC 9293, 3.1") is passed over. "MUST-27 to MUST-29" means all three.
#pragma once
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

namespace tenon::test {

std::vector<std::string> requirements_in(std::string const& citation);  // in main.cpp, as <regex> takes its time

class requirement : public boost::unit_test::decorator::base {
public:
    explicit requirement(std::string const& citation) : ids_{requirements_in(citation)} {}

private:
    void apply(boost::unit_test::test_unit& tu) override {
        for (auto const& id : ids_) tu.add_label(id);
    }
    boost::unit_test::decorator::base_ptr clone() const override {
        return boost::unit_test::decorator::base_ptr(new requirement(*this));
    }

    std::vector<std::string> ids_;
};

}  // namespace tenon::test
