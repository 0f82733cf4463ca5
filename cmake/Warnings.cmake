# Warnings of one target; errors only where MRTD_WERROR asks for it (presets).
function(mrtd_warnings target)
	target_compile_options(${target} PRIVATE
		-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
		-Wold-style-definition -Wpointer-arith -Wcast-align -Wcast-qual
		-Wwrite-strings -Wformat=2 -Wundef -Wvla -Wconversion
		-Wno-sign-conversion)
	if(MRTD_WERROR)
		target_compile_options(${target} PRIVATE -Werror)
	endif()
endfunction()
