# Hardening flags of one target, each probed by itself.
include(CheckCCompilerFlag)
include(CheckLinkerFlag)

set(MRTD_HARDENING_COMPILE
	-fstack-protector-strong -fstack-clash-protection -fcf-protection)
set(MRTD_HARDENING_LINK -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,--as-needed)

function(mrtd_hardening target)
	# The stack protector and fortification call the C library.
	if(MRTD_FREESTANDING)
		return()
	endif()
	foreach(flag IN LISTS MRTD_HARDENING_COMPILE)
		string(MAKE_C_IDENTIFIER "MRTD_HAS_${flag}" has)
		check_c_compiler_flag(${flag} ${has})
		if(${has})
			target_compile_options(${target} PRIVATE ${flag})
		endif()
	endforeach()
	foreach(flag IN LISTS MRTD_HARDENING_LINK)
		string(MAKE_C_IDENTIFIER "MRTD_HAS_${flag}" has)
		check_linker_flag(C ${flag} ${has})
		if(${has})
			target_link_options(${target} PRIVATE ${flag})
		endif()
	endforeach()
	# Fortification needs optimisation, and hides bugs from sanitizers.
	if(NOT MRTD_SANITIZE)
		target_compile_options(${target} PRIVATE
			$<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE>
			$<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
	endif()
endfunction()
