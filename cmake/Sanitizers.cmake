# The sanitizers of MRTD_SANITIZE on one target.
function(mrtd_sanitizers target)
	if(NOT MRTD_SANITIZE)
		return()
	endif()
	target_compile_options(${target} PRIVATE -fsanitize=${MRTD_SANITIZE}
		-fno-omit-frame-pointer -fno-sanitize-recover=all)
	target_link_options(${target} PRIVATE -fsanitize=${MRTD_SANITIZE})
endfunction()
