# Installation and the package that find_package(corostream [COMPONENTS core kafka]) finds.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_DATADIR}/cmake/corostream")

install(TARGETS corostream EXPORT corostream-core-targets FILE_SET HEADERS)
install(EXPORT corostream-core-targets NAMESPACE corostream:: DESTINATION "${package_dir}")

if(TARGET corostream_kafka)
    install(TARGETS corostream_kafka EXPORT corostream-kafka-targets FILE_SET HEADERS)
    install(EXPORT corostream-kafka-targets NAMESPACE corostream:: DESTINATION "${package_dir}")
endif()

configure_package_config_file(
    cmake/corostream-config.cmake.in "${PROJECT_BINARY_DIR}/corostream-config.cmake"
    INSTALL_DESTINATION "${package_dir}"
    NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/corostream-config-version.cmake"
    COMPATIBILITY SameMinorVersion
    ARCH_INDEPENDENT)
install(
    FILES "${PROJECT_BINARY_DIR}/corostream-config.cmake"
          "${PROJECT_BINARY_DIR}/corostream-config-version.cmake"
    DESTINATION "${package_dir}")
