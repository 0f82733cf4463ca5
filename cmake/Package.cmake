# How a library is put together, installed and found.
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
	if(MRTD_CCID)
		string(APPEND MRTD_PC_PRIVATE ", libusb-1.0")
	endif()
	get_filename_component(name ${template} NAME_WLE)
	configure_file(${template} ${name} @ONLY)
	install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name} DESTINATION ${folder})
endfunction()

# mrtd_library(NAME INCLUDE HEADER...) - the static and the shared library of
# NAME_objects, into the targets NAME_static and NAME_shared, which are there:
# with HEADERs below the folder INCLUDE, exporting what libNAME.map
# lists, and all that finds them installed. NAME.pc.in is beside the caller,
# and NAME-config.cmake.in when the package has more to say than its targets.
function(mrtd_library name include)
	set(package ${CMAKE_INSTALL_LIBDIR}/cmake/${name})
	set(map ${CMAKE_CURRENT_SOURCE_DIR}/lib${name}.map)
	list(TRANSFORM ARGN PREPEND ${include}/ OUTPUT_VARIABLE headers)
	target_sources(${name}_static PUBLIC FILE_SET HEADERS
		BASE_DIRS ${include} FILES ${headers})
	foreach(target ${name}_static ${name}_shared)
		target_sources(${target} PRIVATE $<TARGET_OBJECTS:${name}_objects>)
		set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name})
	endforeach()
	target_link_options(${name}_shared PRIVATE -Wl,--version-script=${map})
	set_target_properties(${name}_shared PROPERTIES
		EXPORT_NAME ${name} LINK_DEPENDS ${map}
		VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})
	set_target_properties(${name}_static PROPERTIES
		VERIFY_INTERFACE_HEADER_SETS ON)
	install(TARGETS ${name}_static ${name}_shared EXPORT ${name}-targets
		FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
		ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
		LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
	if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${name}-config.cmake.in)
		configure_file(${name}-config.cmake.in ${name}-config.cmake @ONLY)
		install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}-config.cmake
			DESTINATION ${package})
		install(EXPORT ${name}-targets NAMESPACE mrtdkit::
			DESTINATION ${package})
	else()
		install(EXPORT ${name}-targets NAMESPACE mrtdkit::
			FILE ${name}-config.cmake DESTINATION ${package})
	endif()
	mrtd_pkgconfig(${name}.pc.in)
	mrtd_package_version(${name})
endfunction()
