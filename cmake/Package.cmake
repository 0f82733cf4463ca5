# find_package and pkg-config files of one library.
include(CMakePackageConfigHelpers)

# The folder of NAME's CMake package, and the version that it offers.
function(mrtd_package_version name)
	set(file ${CMAKE_CURRENT_BINARY_DIR}/${name}-config-version.cmake)
	write_basic_package_version_file(${file}
		VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)
	install(FILES ${file} DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/${name})
endfunction()

# Configures and installs a .pc file. It finds its prefix from where it lies
# (cmake --install --prefix decides that after configuration).
function(mrtd_pkgconfig template)
	set(folder ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
	file(RELATIVE_PATH MRTD_PC_UP /${folder} /)
	string(REGEX REPLACE "/$" "" MRTD_PC_UP ${MRTD_PC_UP})
	set(MRTD_PC_PRIVATE libcrypto)
	if(MRTD_PCSC)
		string(APPEND MRTD_PC_PRIVATE ", libpcsclite")
	endif()
	get_filename_component(name ${template} NAME_WLE)
	configure_file(${template} ${name} @ONLY)
	install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name} DESTINATION ${folder})
endfunction()
