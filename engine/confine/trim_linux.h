void confine_trim_pages(void);
