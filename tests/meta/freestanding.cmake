# Configure and build the freestanding preset; its build fails if libmrz needs
# more than the four mem* functions. Then prove that the check can fail.
function(run)
	execute_process(COMMAND ${ARGV} RESULT_VARIABLE status
		OUTPUT_VARIABLE output ERROR_VARIABLE output)
	if(NOT status EQUAL 0)
		message(FATAL_ERROR "${ARGV}: ${status}\n${output}")
	endif()
endfunction()

run(${CMAKE_COMMAND} --preset freestanding -S ${SOURCE} -B ${BINARY}
	-DCMAKE_C_COMPILER=${CC})
run(${CMAKE_COMMAND} --build ${BINARY})
run(${CMAKE_CTEST_COMMAND} --test-dir ${BINARY} --no-tests=error)

file(WRITE ${BINARY}/needy.c "int puts(const char *);\nint needy(void);\nint needy(void) { return puts(\"\"); }\n")
run(${CC} -c ${BINARY}/needy.c -o ${BINARY}/needy.o)
execute_process(
	COMMAND ${SOURCE}/tests/scripts/check-freestanding ${BINARY}/needy.o
	RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
if(status EQUAL 0)
	message(FATAL_ERROR "check-freestanding let an object pass that needs puts")
endif()
