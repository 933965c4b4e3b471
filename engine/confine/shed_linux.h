void confine_shed(void);
