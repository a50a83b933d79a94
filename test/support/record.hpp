// SPDX-License-Identifier: BSL-1.0
// What a test executable did, for test/conformance/matrix.py. With TENON_TEST_RECORD set to the name of a file, each test
// case leaves a line: "passed" or "failed", its name, its labels. A run that broke off leaves a file without its last line.
#pragma once
#include <boost/test/results_collector.hpp>
#include <boost/test/tree/traverse.hpp>
#include <boost/test/tree/visitor.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fstream>

namespace tenon::test {

class record : public boost::unit_test::test_observer {
public:
    record() { boost::unit_test::framework::register_observer(*this); }
    record(record const&) = delete;
    record& operator=(record const&) = delete;
    ~record() override { boost::unit_test::framework::deregister_observer(*this); }

    void test_start(boost::unit_test::counter_t, boost::unit_test::test_unit_id) override {
        if (char const* const name = std::getenv("TENON_TEST_RECORD")) file_.open(name);
    }
    void test_finish() override {
        if (!file_.is_open()) return;
        writer w{file_};
        boost::unit_test::traverse_test_tree(boost::unit_test::framework::master_test_suite(), w, true);
        file_ << "end\n";
        file_.close();
    }
    int priority() override { return 1000; }  // after the results were collected

private:
    struct writer : boost::unit_test::test_tree_visitor {
        explicit writer(std::ostream& o) : out{o} {}
        void visit(boost::unit_test::test_case const& t) override {
            auto const& r = boost::unit_test::results_collector.results(t.p_id);
            bool const checked = r.p_assertions_passed.get() + r.p_assertions_failed.get() != 0;
            out << (!r.passed() || r.p_skipped ? "failed" : checked ? "passed" : "empty") << '\t' << t.full_name() << '\t';
            for (auto const& label : t.p_labels.get()) out << label << ' ';
            out << '\n';
        }
        std::ostream& out;
    };

    std::ofstream file_{};
};

}  // namespace tenon::test
