# gcov counters in one target, where MRTD_COVERAGE asks for them.
function(mrtd_coverage target)
	if(MRTD_COVERAGE)
		target_compile_options(${target} PRIVATE --coverage)
		target_link_options(${target} PRIVATE --coverage)
	endif()
endfunction()
